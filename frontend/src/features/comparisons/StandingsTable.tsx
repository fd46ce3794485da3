/** A row a method: mean, difference to the control with its intervals in words and drawn, step time, and the way to each run. */
import { Badge, Table, Text, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Standing, Standings } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { formatDifference, formatFigure } from '../../ui/format'
import classes from './comparisons.module.css'
import { IntervalPlot, ScaleEnds } from './IntervalPlot'
import { type Scale, scaleOf, seedDifferences, verdictOf } from './standings'

const COLOURS = { better: 'teal', worse: 'red', leans: 'yellow', open: 'gray' }

export function StandingsTable({ standings: { rows } }: { standings: Standings }) {
  const { t } = useTranslation()
  const scale = scaleOf(rows)
  return (
    <>
      <Table.ScrollContainer type="native" minWidth={1060}>
        <Table verticalSpacing="xs" className={classes.numbers}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('training.method')}</Table.Th>
              <Table.Th scope="col">{t('comparisons.mean')}</Table.Th>
              <Table.Th scope="col">{t('comparisons.difference')}</Table.Th>
              <Table.Th scope="col" w={280}>
                <ScaleEnds label={t('comparisons.plot')} scale={scale} />
              </Table.Th>
              <Table.Th scope="col">{t('comparisons.step')}</Table.Th>
              <Table.Th scope="col">{t('comparisons.runs')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <MethodRow key={row.method} row={row} control={rows[0]} scale={scale} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="xs" c="dimmed" mt="xs" maw={880}>
        {t('comparisons.howToRead')}
      </Text>
    </>
  )
}

function MethodRow({ row, control, scale }: { row: Standing; control: Standing | undefined; scale: Scale }) {
  const { t } = useTranslation()
  return (
    <Table.Tr>
      <Table.Th scope="row">{row.title}</Table.Th>
      <Table.Td>
        {formatFigure(row.mean)}
        {row.deviation !== null && ` ± ${formatFigure(row.deviation)}`}
      </Table.Td>
      <Table.Td>
        <Difference row={row} />
      </Table.Td>
      <Table.Td>
        {row.against_control && (
          <IntervalPlot
            title={row.title}
            found={row.against_control}
            seeds={seedDifferences(control, row)}
            scale={scale}
          />
        )}
      </Table.Td>
      <Table.Td>
        {row.step_seconds === null ? '–' : `${row.step_seconds.toPrecision(3)}\u00a0s`}
        {row.step_ratio !== null && (
          <Text size="xs" c="dimmed">
            {t('comparisons.stepTimes', { ratio: row.step_ratio.toFixed(2) })}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <div className={classes.runs}>
          {row.runs.map((run) => (
            <Tooltip key={run.id} label={`${run.name}: ${t(`jobs.state.${run.state}`)}`}>
              <TextLink
                to="/training/$runId"
                params={{ runId: String(run.id) }}
                fz="xs"
                className={classes.seed}
                data-state={run.state}
                aria-label={`${run.name}: ${t(`jobs.state.${run.state}`)}`}
              >
                {run.value === null ? t(`jobs.state.${run.state}`) : formatFigure(run.value)}
              </TextLink>
            </Tooltip>
          ))}
        </div>
      </Table.Td>
    </Table.Tr>
  )
}

function Difference({ row: { against_control: found } }: { row: Standing }) {
  const { t } = useTranslation()
  if (!found) return '–'
  const verdict = verdictOf(found)
  return (
    <>
      <span className={classes.verdict}>
        {formatDifference(found.difference)}
        <Badge variant="light" size="sm" color={COLOURS[verdict]} style={{ flex: 'none' }}>
          {t(`comparisons.verdict.${verdict}`)}
        </Badge>
      </span>
      <Text size="xs" c="dimmed">
        {found.low === null
          ? t('comparisons.onePair')
          : t('comparisons.interval', { low: formatDifference(found.low), high: formatDifference(found.high) })}
      </Text>
    </>
  )
}
