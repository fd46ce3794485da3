/** AP and AP50 of each category, and the score from which on it is best used. */
import { Paper, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CategoryFigures, Report } from '../../api/report'
import { formatCount, formatFigure } from '../../ui/format'
import { SortHead } from '../../ui/SortHead'
import { type Order, type SortValue, sortedBy } from '../../ui/sorting'
import { FigureBar } from './FigureBar'

type Column = 'name' | 'truths' | 'AP' | 'AP50' | 'best_f1'
type Row = CategoryFigures & { name: string }

const LARGEST_FIRST: Order<Column> = { by: 'truths', descending: true }
const cellOf = (row: Row, column: Column): SortValue => row[column]

export function CategoryTable({ categories }: { categories: Report['per_category'] }) {
  const { t } = useTranslation()
  const [order, setOrder] = useState(LARGEST_FIRST)
  const rows = Object.entries(categories).map(([name, figures]) => ({ name, ...figures }))
  const head = { order, onSort: setOrder }
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="by-category">
      <Title order={2} size="h4" mb="xs" id="by-category">
        {t('evaluations.byCategory')}
      </Title>
      <Table.ScrollContainer type="native" minWidth={680}>
        <Table verticalSpacing={5}>
          <Table.Thead>
            <Table.Tr>
              <SortHead column="name" label={t('evaluations.category')} {...head} />
              <SortHead column="truths" label={t('evaluations.truths')} numeric {...head} />
              <SortHead column="AP" label="AP" descendingFirst {...head} />
              <SortHead column="AP50" label="AP50" descendingFirst {...head} />
              <SortHead column="best_f1" label={t('evaluations.bestF1')} numeric {...head} />
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sortedBy<Row, Column>(rows, order, cellOf).map((row) => (
              <CategoryRow key={row.name} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}

function CategoryRow({ row }: { row: Row }) {
  const { t } = useTranslation()
  return (
    <Table.Tr style={{ fontVariantNumeric: 'tabular-nums' }}>
      <Table.Td fw={600}>{row.name}</Table.Td>
      <Table.Td ta="right">{formatCount(row.truths)}</Table.Td>
      <Table.Td w="26%">
        <FigureBar value={row.AP} />
      </Table.Td>
      <Table.Td w="26%">
        <FigureBar value={row.AP50} />
      </Table.Td>
      <Table.Td ta="right">{formatFigure(row.truths > 0 ? row.best_f1 : null)}</Table.Td>
      <Table.Td>
        {row.truths > 0 && row.best_threshold !== null && (
          <Text span size="xs" c="dimmed">
            {t('evaluations.atScore', { score: row.best_threshold.toFixed(2) })}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
