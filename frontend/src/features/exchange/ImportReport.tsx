/** What came or would come, and what was left out and why. */
import { Button, Group, List, Paper, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { LabelImport } from '../../api/types'
import { CountBars } from '../../ui/CountBars'
import { formatCount } from '../../ui/format'
import { problemsUrl } from './queries'

export function ImportReport({ one }: { one: LabelImport }) {
  const { t } = useTranslation()
  const report = one.report
  if (!report) return null
  const counts = {
    frames: formatCount(report.frames),
    boxes: formatCount(report.boxes),
    regions: formatCount(report.ignore_regions),
    clipped: formatCount(report.clipped),
  }
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Text fw={600}>{t(report.dry_run ? 'exchange.would' : 'exchange.did')}</Text>
        <Text size="sm">{t('exchange.counts', counts)}</Text>
        <CountBars counts={report.by_category} label={t('exchange.mapping')} />
        <Problems count={report.problem_count} shown={report.problems} />
        {report.problem_count > 0 && (
          <Group>
            <Button
              component="a"
              href={problemsUrl(one.id)}
              download
              size="xs"
              variant="default"
              leftSection={<IconDownload size={14} />}
            >
              {t('exchange.report')}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}

export function Problems({ count, shown }: { count: number; shown: readonly string[] }) {
  const { t } = useTranslation()
  if (count === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('exchange.noProblems')}
      </Text>
    )
  return (
    <div>
      <Text size="sm" fw={600}>
        {t('exchange.problems', { count })}
      </Text>
      <List
        size="sm"
        mah={220}
        style={{ overflowY: 'auto' }}
        tabIndex={0}
        aria-label={t('exchange.problems', { count })}
      >
        {shown.map((problem) => (
          <List.Item key={problem}>{problem}</List.Item>
        ))}
      </List>
    </div>
  )
}
