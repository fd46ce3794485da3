/** The keys of the grid, always in sight. */

import { useTranslation } from 'react-i18next'
import classes from './grid.module.css'

const HINTS = [
  ['move', '← ↑ ↓ →'],
  ['accept', 'Enter'],
  ['reject', 'X'],
  ['relabel', '1–9'],
  ['rest', 'Shift+Enter'],
  ['undo', 'Ctrl+Z'],
  ['mine', 'Ctrl+Enter'],
  ['theirs', 'Ctrl+Backspace'],
] as const

export function GridHints() {
  const { t } = useTranslation()
  return (
    <div className={classes.hints}>
      {HINTS.map(([name, keys]) => (
        <span key={name}>
          <kbd>{keys}</kbd> {t(`grid.key.${name}`)}
        </span>
      ))}
    </div>
  )
}
