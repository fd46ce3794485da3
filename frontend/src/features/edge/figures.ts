/** The figures of an export, as the table shows them. */
import type { TFunction } from 'i18next'
import type { EdgeExport } from '../../api/types'

interface EdgeFigures {
  ap: number | null
  ap8: number | null
  /** AP that 8 bits lost; null without them. */
  lost: number | null
  /** "20.9 / 8.3": milliseconds here in 32 and in 8 bits. */
  ms: string
  /** "15.1–17.5", an estimate. */
  x3: string
  processor: string
}

export function figuresOf({ report, speed }: EdgeExport): EdgeFigures {
  const times = [speed?.fp32, speed?.int8].flatMap((each) => (each ? [each.p50_ms.toFixed(1)] : []))
  // Operators that leave the BPU cost more than anybody can tell.
  const chip = report?.horizon_x3?.off_bpu === 0 ? report.horizon_x3.estimated_ms : undefined
  return {
    ap: report?.ap?.ap ?? null,
    ap8: report?.int8?.after ?? null,
    lost: report?.int8?.lost ?? null,
    ms: times.join(' / '),
    x3: chip ? `${chip.best.toFixed(1)}–${chip.worst.toFixed(1)}` : '',
    processor: speed?.processor ?? '',
  }
}

/** "512 × 288"; null when it is the training's. */
export function inputOf({ width, height, report }: EdgeExport): string | null {
  const [w, h] = [report?.input?.width ?? width, report?.input?.height ?? height]
  return w && h ? `${w} × ${h}` : null
}

/** Whether it was measured and found to lose too much. */
export function refusalOf({ job }: EdgeExport): boolean {
  return job?.error?.code === 'too_much_lost'
}

/** "3 boxes in 47 ms", "3 boxes in 24.1 s". */
export function formatLooked(t: TFunction, count: number, ms: number): string {
  const time = ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`
  return t('edge.boxesIn', { count, time })
}
