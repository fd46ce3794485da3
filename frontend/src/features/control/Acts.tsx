/** The audit log of administration: who did what to what, when, and what differs. */
import { Code, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatDate } from '../../ui/format'
import { actsQuery } from './queries'
import type { Act } from './types'

export function Acts() {
  const { t } = useTranslation()
  const [act, setAct] = useState('')
  const [asked] = useDebouncedValue(act.trim(), 250)
  const acts = useQuery({ ...actsQuery(asked), placeholderData: keepPreviousData })
  return (
    <Stack gap="sm">
      <TextInput
        size="xs"
        w={260}
        label={t('control.actsFrom')}
        placeholder="webhook."
        value={act}
        onChange={(event) => setAct(event.currentTarget.value)}
      />
      {acts.isError && <ErrorNote error={acts.error} retry={() => void acts.refetch()} />}
      {acts.isPending && <Skeleton h={200} />}
      {acts.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('control.noActs')}
        </Text>
      )}
      {acts.data && acts.data.length > 0 && (
        <Table verticalSpacing="xs" aria-label={t('control.rooms.acts')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('control.when')}</Table.Th>
              <Table.Th>{t('control.who')}</Table.Th>
              <Table.Th>{t('control.act')}</Table.Th>
              <Table.Th>{t('control.target')}</Table.Th>
              <Table.Th>{t('control.before')}</Table.Th>
              <Table.Th>{t('control.after')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {acts.data.map((row) => (
              <ActRow key={row.id} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  )
}

function ActRow({ row }: { row: Act }) {
  const { t } = useTranslation()
  return (
    <Table.Tr>
      <Table.Td>{formatDate(row.at)}</Table.Td>
      <Table.Td>{row.actor?.name ?? t('control.itself')}</Table.Td>
      <Table.Td ff="monospace">{row.act}</Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{row.target}</Table.Td>
      <Table.Td>{row.before && <State values={row.before} />}</Table.Td>
      <Table.Td>{row.after && <State values={row.after} />}</Table.Td>
    </Table.Tr>
  )
}

function State({ values }: { values: Record<string, unknown> }) {
  const lines = Object.entries(values).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return (
    <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {lines.join('\n')}
    </Code>
  )
}
