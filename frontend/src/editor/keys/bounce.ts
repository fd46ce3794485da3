/** A key that repeats or bounces must not decide twice. */

/** Presses of one deciding key closer than this are one press of a bouncing key. */
const BOUNCE_MS = 120

export class BounceGuard {
  private last = { chord: '', at: Number.NEGATIVE_INFINITY }

  /** True when this press is no press of its own. Ask once a press: it is remembered. */
  bounced(
    chord: string,
    { repeat = false, timeStamp }: { readonly repeat?: boolean; readonly timeStamp: number },
  ): boolean {
    const { last } = this
    this.last = { chord, at: timeStamp }
    return repeat || (last.chord === chord && timeStamp - last.at < BOUNCE_MS)
  }
}
