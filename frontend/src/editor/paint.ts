/**
 * From key to paint, measured where a person would: the measure ends in the task after the frame that shows the change.
 *
 * `performance.measure` entries: `headway:swap` (another frame is shown), `headway:preview` (its thumbnail, where the frame
 * was not at hand) and `headway:decide` (a box was decided);
 * `detail.work_ms` is our own drawing, `detail.waited_ms` what passed until the screen's next refresh began; a swap says
 * whether the picture was `prefetched`.
 */

const PAINTS = ['headway:swap', 'headway:preview', 'headway:decide'] as const
export type Paint = (typeof PAINTS)[number]

/** Browsers keep measures for ever; a long session keeps the latest. */
const KEPT_MEASURES = 2_000

export class PaintTimer {
  private readonly begun = new Map<Paint, { since: number; handled: number; detail: object }>()
  private measured = 0

  /** `since`: when the input happened (`event.timeStamp`), so that its way through the browser counts too. */
  begin(name: Paint, since: number, detail: object = {}): void {
    this.begun.set(name, { since, handled: performance.now(), detail })
  }

  /** The layers were drawn, from `started` on, in `workMs`. */
  painted(started: number, workMs: number): void {
    if (this.begun.size === 0) return
    const begun = [...this.begun]
    this.begun.clear()
    setTimeout(() => {
      for (const [name, { since, handled, detail }] of begun)
        this.measure(name, since, { ...detail, work_ms: workMs, waited_ms: started - handled })
    })
  }

  private measure(name: Paint, start: number, detail: object): void {
    this.measured += 1
    if (this.measured % KEPT_MEASURES === 0) for (const one of PAINTS) performance.clearMeasures(one)
    performance.measure(name, { start, end: performance.now(), detail })
  }
}
