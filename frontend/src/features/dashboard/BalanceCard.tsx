/** The balance of the classes beside the training data of the serving model, and how far the two have drifted apart. */
import { lazy, Suspense, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type uPlot from 'uplot'
import type { DayFigures } from '../../api/types'
import { PlotSavers } from '../../ui/PlotSavers'
import { plotPicture } from '../../ui/pictures'
import { Card } from './Card'
import classes from './dashboard.module.css'
import { table } from './days'

const GroupPlot = lazy(() => import('./GroupPlot').then((module) => ({ default: module.GroupPlot })))
const percent = (share: number) => `${(100 * share).toFixed(1)} %`

export function BalanceCard({ balance: { version, drift, rows } }: { balance: DayFigures['balance'] }) {
  const { t } = useTranslation()
  const plot = useRef<uPlot>(null)
  const title = t('dashboard.balance.title')
  const columns = [t('dashboard.balance.labels'), version?.name ?? t('dashboard.balance.training')] as const
  return (
    <Card
      title={title}
      link={version ? `/datasets/${version.dataset}/versions/${version.id}` : '/datasets'}
      number={drift === null ? '–' : percent(drift)}
      about={version ? t('dashboard.balance.about', { version: version.name }) : t('dashboard.balance.none')}
      nothing={rows.length === 0}
    >
      {rows.length > 0 && (
        <>
          <PlotSavers
            title={title}
            picture={() => plotPicture(plot.current, title)}
            csv={() =>
              table(
                [t('dashboard.balance.category'), ...columns],
                rows.map((row) => [row.category, row.labels, row.training]),
              )
            }
            className={classes.savers}
          />
          <Suspense fallback={<div className={classes.plot} />}>
            <GroupPlot
              title={title}
              of={t('dashboard.balance.category')}
              names={rows.map(({ category }) => category)}
              pair={[
                { label: columns[0], values: rows.map(({ labels }) => labels) },
                { label: columns[1], values: rows.map(({ training }) => training) },
              ]}
              format={percent}
              plot={plot}
            />
          </Suspense>
        </>
      )}
    </Card>
  )
}
