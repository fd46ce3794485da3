/** The next key that is pressed belongs to the settings and to nothing else. */

import { useEffect } from 'react'
import { chordOf } from '../../../editor/commands/chord'

const MODIFIERS = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Process'])

/** While `active`: `took` gets the chord; Escape gives null. */
export function useCapture(active: boolean, took: (chord: string | null) => void): void {
  useEffect(() => {
    if (!active) return
    const heard = (event: KeyboardEvent): void => {
      event.preventDefault()
      event.stopImmediatePropagation()
      if (MODIFIERS.has(event.key)) return
      took(event.key === 'Escape' ? null : chordOf(event))
    }
    window.addEventListener('keydown', heard, { capture: true })
    return () => window.removeEventListener('keydown', heard, { capture: true })
  }, [active, took])
}
