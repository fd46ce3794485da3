/** Ctrl+Enter sends what is written, Escape leaves it and gives the keyboard back to the stage. */
import type { KeyboardEvent } from 'react'

export function sendKey(send: () => void, leave: () => void = () => {}) {
  return (event: KeyboardEvent<HTMLElement>): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      send()
    }
    if (event.key === 'Escape') {
      event.currentTarget.blur()
      leave()
    }
  }
}
