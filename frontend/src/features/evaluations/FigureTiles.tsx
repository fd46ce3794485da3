/** The figures of the field, each with what it means. AP is the one to read first. */
import { useTranslation } from 'react-i18next'
import { FIGURES, type Figures } from '../../api/report'
import { formatFigure } from '../../ui/format'
import classes from './evaluations.module.css'

export function FigureTiles({ figures }: { figures: Figures }) {
  const { t } = useTranslation()
  return (
    <dl className={classes.tiles}>
      {FIGURES.map((name) => (
        <div key={name} className={classes.tile} data-first={name === 'AP' || undefined}>
          <dt>{name}</dt>
          <dd className={classes.figure}>{formatFigure(figures[name])}</dd>
          <dd className={classes.meaning}>{t(`evaluations.figure.${name}`)}</dd>
        </div>
      ))}
    </dl>
  )
}
