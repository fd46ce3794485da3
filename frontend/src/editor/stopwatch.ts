/** Seconds spent on one decision, pauses excluded: more than 20 s without input is not work. */

const IDLE_AFTER_MS = 20_000

export class Stopwatch {
  private workedMs = 0
  private lastInputMs: number
  private readonly now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.now = now
    this.lastInputMs = now()
  }

  /** The person moved, clicked or pressed a key. */
  input(): void {
    const at = this.now()
    this.workedMs += this.gap(at)
    this.lastInputMs = at
  }

  /** The seconds since the last lap, in hundredths; starts the next lap. */
  lap(): number {
    this.input()
    const seconds = Math.round(this.workedMs / 10) / 100
    this.workedMs = 0
    return seconds
  }

  /** Milliseconds since the person last did something. */
  get idleMs(): number {
    return this.now() - this.lastInputMs
  }

  private gap(at: number): number {
    const gap = at - this.lastInputMs
    return gap > IDLE_AFTER_MS ? 0 : gap
  }
}
