/** The keys of track mode, always in sight. */

import { useTranslation } from 'react-i18next'
import classes from './track.module.css'

const HINTS = [
  ['move', '← →'],
  ['accept', 'Enter'],
  ['reject', 'X'],
  ['relabel', '1–9'],
  ['key', 'K'],
  ['keys', '[ ]'],
  ['edit', 'E'],
  ['split', 'Alt+M'],
  ['merge', 'M'],
  ['undo', 'Ctrl+Z'],
  ['track', '↑ ↓'],
] as const

export function TrackHints() {
  const { t } = useTranslation()
  return (
    <div className={classes.hints}>
      {HINTS.map(([name, keys]) => (
        <span key={name}>
          <kbd>{keys}</kbd> {t(`track.key.${name}`)}
        </span>
      ))}
    </div>
  )
}
