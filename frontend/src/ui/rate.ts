/** How fast something goes, from what it said about itself lately. */

const WINDOW_MS = 6000

export class RateMeter {
  private samples: { at: number; done: number }[] = []

  /** `done` counts up; `at` in milliseconds. */
  add(done: number, at = performance.now()): void {
    this.samples.push({ at, done })
    this.samples = this.samples.filter((sample) => sample.at >= at - WINDOW_MS)
  }

  /** Units a second over the last six seconds; null until two samples lie apart. */
  rate(): number | null {
    const first = this.samples[0]
    const last = this.samples.at(-1)
    if (!first || !last || last.at - first.at < 200) return null
    return ((last.done - first.done) / (last.at - first.at)) * 1000
  }

  reset(): void {
    this.samples = []
  }
}
