/** The confusion matrix as a table whose cells darken with their number; each leads to the errors it counts. */
import { Group, Paper, Switch, Text, VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type CSSProperties, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Confusion } from '../../api/report'
import { formatCount } from '../../ui/format'
import { errorsOf, occurring, rowShares, shades } from './confusion'
import classes from './evaluations.module.css'

export function ConfusionTable({ confusion }: { confusion: Confusion }) {
  const { t } = useTranslation()
  const [normalised, setNormalised] = useState(true)
  const shown = occurring(confusion)
  const leftOut = confusion.labels.length - shown.labels.length
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="md">
        <Text size="sm" c="dimmed">
          {t('evaluations.confusionLead', { score: confusion.score.toFixed(2) })}
          {leftOut > 0 && ` ${t('evaluations.leftOut', { count: leftOut })}`}
        </Text>
        <Switch
          label={t('evaluations.rowShares')}
          checked={normalised}
          onChange={({ currentTarget }) => setNormalised(currentTarget.checked)}
        />
      </Group>
      <Matrix confusion={shown} normalised={normalised} />
    </Paper>
  )
}

function Matrix({ confusion, normalised }: { confusion: Confusion; normalised: boolean }) {
  const { t } = useTranslation()
  const { labels, matrix } = confusion
  const shares = rowShares(matrix)
  const dark = shades(matrix, normalised)
  const names = labels.map((label, at) => (at === labels.length - 1 ? t('evaluations.background') : label))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section className={classes.matrixScroll} tabIndex={0} aria-label={t('evaluations.part.confusion')}>
      <table className={classes.matrix}>
        <thead>
          <tr>
            <td className={classes.corner}>
              {t('evaluations.truth')} ↓ {t('evaluations.predicted')} →
            </td>
            {names.map((name) => (
              <th key={name} scope="col">
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((truth, row) => (
            <tr key={truth}>
              <th scope="row">{truth}</th>
              {names.map((predicted, column) => (
                <Cell
                  key={predicted}
                  label={t('evaluations.cell', { truth, predicted, count: matrix[row]?.[column] ?? 0 })}
                  count={matrix[row]?.[column] ?? 0}
                  share={normalised ? (shares[row]?.[column] ?? 0) : null}
                  shade={dark[row]?.[column] ?? 0}
                  right={row === column}
                  search={errorsOf(confusion, row, column)}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface CellProps {
  label: string
  count: number
  /** Of its row; null where counts are shown. */
  share: number | null
  shade: number
  right: boolean
  search: ReturnType<typeof errorsOf>
}

function Cell({ label, count, share, shade, right, search }: CellProps) {
  const text = count === 0 ? '' : share === null ? formatCount(count) : share.toFixed(2).replace(/^0/, '')
  const linked = count > 0 && search !== null
  return (
    <td
      className={classes.cell}
      data-right={right || undefined}
      style={{ '--shade': `${Math.round(shade * 100)}%` } as CSSProperties}
      title={label}
    >
      {linked ? (
        <Link from="/models/evaluations/$evaluationId" to="." search={search} resetScroll={false}>
          {text}
          <VisuallyHidden>{label}</VisuallyHidden>
        </Link>
      ) : (
        text
      )}
    </td>
  )
}
