import { formatAgo, formatDate } from '../../ui/format'
import classes from './fleet.module.css'

/** When a row of a timeline was: how long ago, and on a closer look the date. */
export function When({ at }: { at: string }) {
  return (
    <time className={classes.when} dateTime={at} title={formatDate(at)}>
      {formatAgo(at)}
    </time>
  )
}
