/** The histograms beside each other: drag over one to keep that part; its ends can be typed too. */
import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Histograms } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import classes from './explore.module.css'
import { Spread } from './Spread'
import { type Asked, rangeOf } from './search'

interface SpreadsProps {
  spread: Histograms | undefined
  error: Error | null
  asked: Asked
  onAsk: (change: Partial<Asked>) => void
}

export function Spreads({ spread, error, asked, onAsk }: SpreadsProps) {
  const { t } = useTranslation()
  if (error) return <ErrorNote error={error} />
  if (!spread) return <Skeleton h={150} mb="md" />
  return (
    <section className={classes.spreads} aria-label={t('explore.spread')}>
      {spread.histograms.map(({ name, edges, counts }) => (
        <Spread
          key={name}
          title={t(`explore.range.${name}`)}
          edges={edges}
          counts={counts}
          whole={name === 'hour' || name === 'side'}
          range={rangeOf(asked, name)}
          onRange={(low, high) => onAsk({ [`${name}_min`]: low ?? undefined, [`${name}_max`]: high ?? undefined })}
        />
      ))}
    </section>
  )
}
