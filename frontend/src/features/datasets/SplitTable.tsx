/** Drives with their audited counts, and the split that each goes into. */
import { ScrollArea, SegmentedControl, Table, Text } from '@mantine/core'
import { IconRoute } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Drive, Split } from '../../api/types'
import { ButtonLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { formatCount } from '../../ui/format'
import { GDDA } from './queries'
import { type Chosen, framesOf, placed } from './selection'

interface SplitTableProps {
  names: readonly Split[]
  drives: Drive[]
  chosen: Chosen
  includeUnaudited: boolean
  onChange: (chosen: Chosen) => void
}

export function SplitTable({ names, drives, chosen, includeUnaudited, onChange }: SplitTableProps) {
  const { t } = useTranslation()
  if (drives.length === 0)
    return (
      <EmptyState
        icon={IconRoute}
        title={t('datasets.noDrives')}
        action={<ButtonLink to="/drives">{t('home.beginAction')}</ButtonLink>}
      >
        {t('datasets.noDrivesText')}
      </EmptyState>
    )
  return (
    <ScrollArea.Autosize mah={320}>
      <Table stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('datasets.drive')}</Table.Th>
            <Table.Th ta="right">{t('datasets.audited')}</Table.Th>
            <Table.Th ta="right">{t('datasets.frames')}</Table.Th>
            <Table.Th w={names === GDDA ? 380 : 290}>{t('datasets.split')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {drives.map((drive) => (
            <Table.Tr key={drive.id}>
              <Table.Td>
                <Text size="sm" fw={600} truncate maw={280}>
                  {drive.name}
                </Text>
              </Table.Td>
              <Table.Td ta="right">{formatCount(drive.counts.audited)}</Table.Td>
              <Table.Td ta="right">{formatCount(drive.counts.frames)}</Table.Td>
              <Table.Td>
                <SplitChoice
                  name={drive.name}
                  names={names}
                  split={chosen.get(drive.id) ?? null}
                  disabled={framesOf(drive, includeUnaudited || names === GDDA) === 0}
                  onChange={(split) => onChange(placed(chosen, drive.id, split))}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  )
}

interface SplitChoiceProps {
  name: string
  names: readonly Split[]
  split: Split | null
  disabled: boolean
  onChange: (split: Split | null) => void
}

function SplitChoice({ name, names, split, disabled, onChange }: SplitChoiceProps) {
  const { t } = useTranslation()
  if (disabled && split === null)
    return (
      <Text size="xs" c="dimmed">
        {t('datasets.nothingAudited')}
      </Text>
    )
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      aria-label={t('datasets.splitOf', { name })}
      value={split ?? 'none'}
      onChange={(value) => onChange(value === 'none' ? null : (value as Split))}
      data={[{ value: 'none', label: t('datasets.leftOut') }, ...names.map((value) => ({ value, label: value }))]}
    />
  )
}
