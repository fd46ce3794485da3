/** The head of a column that rows can be sorted by. */
import { Table, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconSelector } from '@tabler/icons-react'
import classes from './SortHead.module.css'
import { type Order, reordered } from './sorting'

interface SortHeadProps<Column extends string> {
  label: string
  column: Column
  order: Order<Column>
  /** At the right. */
  numeric?: boolean
  /** Which way the first click sorts; numbers begin with the largest. */
  descendingFirst?: boolean
  onSort: (order: Order<Column>) => void
}

export function SortHead<Column extends string>(props: SortHeadProps<Column>) {
  const { label, column, order, numeric = false, descendingFirst = numeric, onSort } = props
  const chosen = order.by === column
  const Picture = !chosen ? IconSelector : order.descending ? IconChevronDown : IconChevronUp
  return (
    <Table.Th
      ta={numeric ? 'right' : undefined}
      aria-sort={chosen ? (order.descending ? 'descending' : 'ascending') : undefined}
    >
      <UnstyledButton
        className={classes.head}
        data-chosen={chosen || undefined}
        onClick={() => onSort(reordered(order, column, descendingFirst))}
      >
        {label}
        <Picture size={14} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  )
}
