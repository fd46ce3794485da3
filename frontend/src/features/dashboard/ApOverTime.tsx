/** AP of every evaluation, oldest first, a plot and a table a set of data: only what was measured on the same frames can be told apart. */
import { Group, NativeSelect, Paper, Table, Text, Title } from '@mantine/core'
import { lazy, Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type uPlot from 'uplot'
import type { DayFigures } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { formatAgo, formatDifference, formatFigure } from '../../ui/format'
import { PlotSavers } from '../../ui/PlotSavers'
import { plotPicture, tablePicture } from '../../ui/pictures'
import { type ApStep, apLines, apSteps, cutsOf } from './ap'
import classes from './dashboard.module.css'
import { table } from './days'

const ApPlot = lazy(() => import('./ApPlot').then((module) => ({ default: module.ApPlot })))

export function ApOverTime({ points }: { points: DayFigures['ap'] }) {
  const { t, i18n } = useTranslation()
  const [cut, setCut] = useState('')
  const sets = apSteps(points)
  const told = (name: string) =>
    i18n.exists(`dashboard.cut.${name}`) ? t(`dashboard.cut.${name}` as 'dashboard.cut.size') : name
  return (
    <section aria-labelledby="ap-over-time">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="ap-over-time">
          {t('dashboard.ap')}
        </Title>
        {sets.length > 0 && (
          <NativeSelect
            size="xs"
            aria-label={t('dashboard.cutBy')}
            value={cut}
            onChange={({ currentTarget }) => setCut(currentTarget.value)}
            data={[
              { value: '', label: t('dashboard.uncut') },
              ...cutsOf(points).map((name) => ({ value: name, label: told(name) })),
            ]}
          />
        )}
      </Group>
      {sets.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('dashboard.noAp')}
        </Text>
      )}
      {sets.map(({ data, steps }) => (
        <Paper key={data} withBorder px="md" py="xs" mb="sm" pos="relative">
          <Text size="sm" fw={600}>
            {data}
          </Text>
          <Plotted data={data} steps={steps} cut={cut} />
          <Table verticalSpacing={4} style={{ fontVariantNumeric: 'tabular-nums' }} aria-label={data}>
            <Table.Tbody>
              {steps.map((step) => (
                <Row key={step.evaluation} step={step} />
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      ))}
    </section>
  )
}

/** One evaluation alone is a number, and stands in the table. */
function Plotted({ data, steps, cut }: { data: string; steps: ApStep[]; cut: string }) {
  const { t } = useTranslation()
  const plot = useRef<uPlot>(null)
  const lines = apLines(steps, cut, t('dashboard.whole'))
  const drawn = steps.length > 1
  const title = `AP · ${data}`
  const columns = [t('ledger.model'), ...lines.map(({ part }) => part)]
  const figures = () =>
    tablePicture({
      title,
      columns,
      rows: steps.map(({ model }, at) => [model, ...lines.map(({ values }) => formatFigure(values[at] ?? null))]),
    })
  return (
    <>
      <PlotSavers
        title={title}
        picture={() => (drawn ? plotPicture(plot.current, title) : figures())}
        csv={() =>
          table(
            columns,
            steps.map(({ model }, at) => [model, ...lines.map(({ values }) => values[at] ?? null)]),
          )
        }
        className={classes.savers}
      />
      {drawn && (
        <Suspense fallback={<div className={classes.plot} />}>
          <ApPlot title={title} steps={steps} lines={lines} plot={plot} />
        </Suspense>
      )}
    </>
  )
}

function Row({ step: { evaluation, model, at, ap, gained } }: { step: ApStep }) {
  return (
    <Table.Tr>
      <Table.Td w="40%">
        <TextLink to="/models/evaluations/$evaluationId" params={{ evaluationId: String(evaluation) }}>
          {model}
        </TextLink>
      </Table.Td>
      <Table.Td>{formatAgo(at)}</Table.Td>
      <Table.Td ta="right">{formatFigure(ap)}</Table.Td>
      <Table.Td ta="right" w={90}>
        <Text
          span
          size="sm"
          {...(gained ? { className: gained > 0 ? classes.gained : classes.lost } : { c: 'dimmed' })}
        >
          {gained === null ? '' : formatDifference(gained)}
        </Text>
      </Table.Td>
    </Table.Tr>
  )
}
