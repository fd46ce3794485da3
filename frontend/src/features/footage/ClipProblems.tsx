/** Members of a zip that were refused: how many, and each with its reason on request. */
import { Button, List, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { ClipProblem } from '../../api/types'

export function ClipProblems({ problems }: { problems: ClipProblem[] }) {
  const { t } = useTranslation()
  const [shown, { toggle }] = useDisclosure()
  return (
    <>
      <Button size="compact-xs" variant="subtle" color="orange" px={0} aria-expanded={shown} onClick={toggle}>
        {t('footage.refused', { count: problems.length })}
      </Button>
      {shown && (
        <List size="xs" withPadding>
          {problems.map(({ name, code, detail }) => (
            <List.Item key={`${name}/${code}`}>
              <Text span size="xs" fw={600}>
                {name}
              </Text>{' '}
              <Text span size="xs" c="dimmed">
                {detail}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </>
  )
}
