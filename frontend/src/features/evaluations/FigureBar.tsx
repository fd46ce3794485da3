/** A figure in [0, 1] as a bar with its number; no bar where there was nothing to measure on. */
import { formatFigure } from '../../ui/format'
import classes from './evaluations.module.css'

export function FigureBar({ value }: { value: number | null | undefined }) {
  return (
    <span className={classes.bar}>
      <span className={classes.track} aria-hidden>
        {typeof value === 'number' && <span style={{ width: `${value * 100}%` }} />}
      </span>
      <span className={classes.barFigure}>{formatFigure(value)}</span>
    </span>
  )
}
