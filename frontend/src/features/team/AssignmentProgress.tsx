/** How far an assignment is: done by the person, done by others, left. The colours are said in words beside the bar. */
import { Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Assignment } from '../../api/types'
import { formatCount } from '../../ui/format'

export function AssignmentProgress({ assignment: { progress, user } }: { assignment: Assignment }) {
  const { t } = useTranslation()
  const { total, done, by_them, unit } = progress
  const share = (count: number): number => (total === 0 ? 0 : (100 * count) / total)
  const words = t(`team.progress.${unit}`, {
    done: formatCount(done),
    total: formatCount(total),
    theirs: formatCount(by_them),
    name: user.name,
  })
  return (
    <>
      <Progress.Root size="sm" w={180} aria-hidden>
        <Progress.Section value={share(by_them)} color="teal" />
        <Progress.Section value={share(done - by_them)} color="gray" />
      </Progress.Root>
      <Text size="xs" c="dimmed">
        {words}
      </Text>
    </>
  )
}
