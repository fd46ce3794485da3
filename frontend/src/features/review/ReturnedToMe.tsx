/** Frames that a lead gave back, with what was said: they come first when auditing starts. */
import { Alert, Group, Text } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import { TextLink } from '../../ui/ButtonLink'
import { reviewFramesQuery, reviewSummaryQuery } from './queries'

const SHOWN = 5

export function ReturnedToMe() {
  const { t } = useTranslation()
  const mayAudit = useRight('audit.write')
  const counts = useQuery({ ...reviewSummaryQuery, enabled: mayAudit })
  const count = counts.data?.returned_to_me ?? 0
  const frames = useQuery({ ...reviewFramesQuery('returned', { mine: true }), enabled: count > 0 })
  if (count === 0) return null
  return (
    <Alert
      color="orange"
      mb="lg"
      icon={<IconArrowBackUp size={18} />}
      title={t('review.returnedToMe', { count })}
      data-testid="returned-to-me"
    >
      {(frames.data?.results ?? []).slice(0, SHOWN).map((row) => (
        <Group key={row.id} gap="xs" wrap="nowrap">
          <TextLink
            to="/audit/desk"
            search={{ frame: row.id }}
            size="sm"
            c="inherit"
            underline="always"
            style={{ flex: 'none' }}
          >
            {row.drive_name}, {row.name}
          </TextLink>
          <Text size="sm" truncate>
            {row.review?.by.name}: {row.review?.text}
          </Text>
        </Group>
      ))}
    </Alert>
  )
}
