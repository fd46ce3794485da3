/**
 * A store as the panels show it: one painted frame behind the stage.
 *
 * What a key changes is on the stage in the next frame; the panels around it, which take ten times as long, follow in the one after.
 */

import { afterPaint } from '../../../editor/afterPaint'

export class Trailing<State> {
  private shown: State
  private readonly read: () => State
  private readonly listeners = new Set<() => void>()

  /** `urgent`: a change that is shown at once, as a dialog that takes the next key. */
  constructor(
    read: () => State,
    subscribe: (listener: () => void) => unknown,
    urgent: (shown: State, next: State) => boolean = () => false,
  ) {
    this.read = read
    this.shown = read()
    subscribe(() => (urgent(this.shown, read()) ? this.catchUp() : afterPaint(this.catchUp)))
  }

  get state(): State {
    return this.shown
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private readonly catchUp = (): void => {
    const next = this.read()
    if (next === this.shown) return
    this.shown = next
    for (const listener of this.listeners) listener()
  }
}
