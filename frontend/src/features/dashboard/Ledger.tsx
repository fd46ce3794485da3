/** The ledger: what auditing cost between two evaluations of the same data, and how much AP came of it. */
import { Paper, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { ButtonLink, TextLink } from '../../ui/ButtonLink'
import { formatCount, formatDate, formatDifference, formatFigure } from '../../ui/format'
import { PlotSavers } from '../../ui/PlotSavers'
import { type TableOfFigures, tablePicture } from '../../ui/pictures'
import { table } from './days'
import { type LedgerLine, ledgerQuery } from './queries'

export function Ledger() {
  const { t } = useTranslation()
  const ledger = useQuery(ledgerQuery)
  return (
    <section aria-labelledby="ledger">
      <Title order={2} size="h4" id="ledger" mb="xs">
        {t('ledger.title')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('ledger.lead')}
      </Text>
      {ledger.data?.lines.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('ledger.none')}
        </Text>
      )}
      {ledger.data && ledger.data.lines.length > 0 && (
        <>
          <PlotSavers
            title={t('ledger.title')}
            picture={() => tablePicture({ title: t('ledger.title'), ...asRead(ledger.data.lines, t) })}
            csv={() => asTable(ledger.data.lines)}
          />
          <LedgerTable lines={ledger.data.lines} />
        </>
      )}
    </section>
  )
}

/** Under the names that REST gives the columns. */
function asTable(lines: LedgerLine[]): string {
  const columns = [
    'model',
    'data',
    'since',
    'until',
    'decisions',
    'hours',
    'ap',
    'gained',
    'low',
    'high',
    'per_hour',
    'cost',
  ] as const
  return table(
    columns,
    lines.map((line) => columns.map((column) => line[column])),
  )
}

/** As the page writes it. */
function asRead(lines: LedgerLine[], t: TFunction): Pick<TableOfFigures, 'columns' | 'rows'> {
  return {
    columns: [
      t('ledger.model'),
      t('ledger.between'),
      t('ledger.decisions'),
      t('ledger.hours'),
      'AP',
      t('ledger.gained'),
      t('ledger.perHour'),
      t('ledger.cost'),
    ],
    rows: lines.map((line) => [
      `${line.model} · ${line.data}`,
      `${formatDate(line.since)} – ${formatDate(line.until)}`,
      formatCount(line.decisions),
      line.hours.toFixed(1),
      formatFigure(line.ap),
      intervalOf(line),
      line.per_hour === null ? '–' : formatDifference(line.per_hour),
      line.cost === null ? '–' : formatCount(line.cost),
    ]),
  }
}

function intervalOf({ gained, low, high }: LedgerLine): string {
  const told = formatDifference(gained)
  return low === null || high === null ? told : `${told} (${formatDifference(low)} … ${formatDifference(high)})`
}

export function LedgerTable({ lines }: { lines: LedgerLine[] }) {
  const { t } = useTranslation()
  return (
    <Paper withBorder px="md" py="xs" style={{ overflowX: 'auto' }}>
      <Table verticalSpacing={4} style={{ fontVariantNumeric: 'tabular-nums' }} aria-label={t('ledger.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('ledger.model')}</Table.Th>
            <Table.Th>{t('ledger.between')}</Table.Th>
            <Table.Th ta="right">{t('ledger.decisions')}</Table.Th>
            <Table.Th ta="right">{t('ledger.hours')}</Table.Th>
            <Table.Th ta="right">AP</Table.Th>
            <Table.Th ta="right">{t('ledger.gained')}</Table.Th>
            <Table.Th ta="right">{t('ledger.perHour')}</Table.Th>
            <Table.Th ta="right">{t('ledger.cost')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line) => (
            <Line key={`${line.before}-${line.evaluation}`} line={line} />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}

function Line({ line }: { line: LedgerLine }) {
  const { t } = useTranslation()
  const { evaluation, before, low, high, per_hour: perHour, cost } = line
  return (
    <Table.Tr>
      <Table.Td>
        <TextLink to="/models/evaluations/$evaluationId" params={{ evaluationId: String(evaluation) }}>
          {line.model}
        </TextLink>
        <Text size="xs" c="dimmed">
          {line.data}
        </Text>
      </Table.Td>
      <Table.Td>
        {formatDate(line.since)} – {formatDate(line.until)}
      </Table.Td>
      <Table.Td ta="right">{formatCount(line.decisions)}</Table.Td>
      <Table.Td ta="right">{line.hours.toFixed(1)}</Table.Td>
      <Table.Td ta="right">{formatFigure(line.ap)}</Table.Td>
      <Table.Td ta="right">
        {formatDifference(line.gained)}
        {low !== null && high !== null ? (
          <Text size="xs" c="dimmed">
            {formatDifference(low)} … {formatDifference(high)}
          </Text>
        ) : (
          <ButtonLink
            to="/models/evaluations/compare"
            search={{ ids: [before, evaluation] }}
            size="compact-xs"
            variant="subtle"
          >
            {t('ledger.compare')}
          </ButtonLink>
        )}
      </Table.Td>
      <Table.Td ta="right">{perHour === null ? '–' : formatDifference(perHour)}</Table.Td>
      <Table.Td ta="right">{cost === null ? '–' : formatCount(cost)}</Table.Td>
    </Table.Tr>
  )
}
