/** How far people agree on what both saw: by pair, by category, and what waits for a lead. */
import { Group, ScrollArea, Skeleton, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Agreement } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatCount } from '../../ui/format'
import { agreementQuery } from './queries'

export function Agreed() {
  const mayReview = useRight('audit.review')
  return mayReview ? <Figures /> : null
}

function Figures() {
  const { t } = useTranslation()
  const found = useQuery(agreementQuery)
  return (
    <section aria-labelledby="agreement">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="agreement">
          {t('consensus.agreement')}
        </Title>
        {found.data && found.data.open > 0 && (
          <TextLink to="/audit/adjudicate">{t('consensus.open', { count: found.data.open })}</TextLink>
        )}
      </Group>
      {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Skeleton h={120} />}
      {found.data?.all.frames === 0 && (
        <Text size="sm" c="dimmed">
          {t('consensus.notYet')}
        </Text>
      )}
      {found.data && found.data.all.frames > 0 && <Tables found={found.data} />}
    </section>
  )
}

function Tables({ found: { all, people, categories } }: { found: Agreement }) {
  const { t } = useTranslation()
  const pairs = people.map((one) => ({
    ...one,
    name: t('consensus.two', { a: one.a?.name ?? '–', b: one.b?.name ?? '–' }),
  }))
  const rows = people.length > 1 ? [...pairs, { ...all, name: t('consensus.everybody') }] : pairs
  return (
    <ScrollArea type="auto">
      <Rows title={t('consensus.who')} rows={rows} />
      <Rows title={t('consensus.category')} rows={categories} />
      <Text size="xs" c="dimmed" mt={4}>
        {t('consensus.agreementText')}
      </Text>
    </ScrollArea>
  )
}

interface Row {
  name: string
  frames?: number
  objects: number
  differ: number
  alpha: number | null
  mean_iou: number | null
}

function Rows({ title, rows }: { title: string; rows: readonly Row[] }) {
  const { t } = useTranslation()
  const byFrame = rows.some(({ frames }) => frames !== undefined)
  return (
    <Table verticalSpacing={4} mb="sm" aria-label={title} style={{ fontVariantNumeric: 'tabular-nums' }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{title}</Table.Th>
          {byFrame && <Table.Th ta="right">{t('consensus.frames')}</Table.Th>}
          <Table.Th ta="right">{t('consensus.objects')}</Table.Th>
          <Table.Th ta="right">{t('consensus.differ')}</Table.Th>
          <Table.Th ta="right">{t('consensus.alpha')}</Table.Th>
          <Table.Th ta="right">{t('consensus.iou')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.name}>
            <Table.Td>{row.name}</Table.Td>
            {byFrame && <Table.Td ta="right">{formatCount(row.frames ?? 0)}</Table.Td>}
            <Table.Td ta="right">{formatCount(row.objects)}</Table.Td>
            <Table.Td ta="right">{formatCount(row.differ)}</Table.Td>
            <Table.Td ta="right">{row.alpha?.toFixed(2) ?? '–'}</Table.Td>
            <Table.Td ta="right">{row.mean_iou?.toFixed(2) ?? '–'}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
