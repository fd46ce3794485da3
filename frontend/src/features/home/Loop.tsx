/** The loop as a row of stations, each with its true number and the way into it. */
import { IconChevronRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Overview } from '../../api/types'
import { formatCount } from '../../ui/format'
import classes from './Loop.module.css'
import { type Station, stationsOf } from './stations'

export function Loop({ overview }: { overview: Overview }) {
  const { t } = useTranslation()
  return (
    <ol className={classes.loop} aria-label={t('home.loop')}>
      {stationsOf(overview).map((station, position) => (
        <Fragment key={station.name}>
          {position > 0 && (
            <li className={classes.arrow} aria-hidden>
              <IconChevronRight size={18} />
            </li>
          )}
          <li className={classes.item}>
            <StationCard station={station} />
          </li>
        </Fragment>
      ))}
    </ol>
  )
}

function StationCard({ station: { name, to, count, share, detail } }: { station: Station }) {
  const { t } = useTranslation()
  return (
    <Link to={to} className={classes.station}>
      <span className={classes.name}>{t(`home.station.${name}`)}</span>
      <span className={classes.count}>{formatCount(count)}</span>
      <span className={classes.detail}>{t(`home.detail.${name}`, detail)}</span>
      <span className={classes.track} aria-hidden>
        <span style={{ width: `${share * 100}%` }} />
      </span>
    </Link>
  )
}
