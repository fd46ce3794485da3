/** The report of an evaluation, and of two compared: JSON that OpenAPI cannot describe. */

export const FIGURES = ['AP', 'AP50', 'AP75', 'APs', 'APm', 'APl', 'AR'] as const
export type FigureName = (typeof FIGURES)[number]
/** In [0, 1]; null where there is no truth to measure on. */
export type Figures = Partial<Record<FigureName, number | null>>

export const ERROR_KINDS = ['missed', 'false', 'confused', 'mislocalised', 'duplicate'] as const
export type ErrorKind = (typeof ERROR_KINDS)[number]

export interface CategoryFigures {
  AP: number | null
  AP50: number | null
  truths: number
  best_f1: number | null
  best_threshold: number | null
}

/** Of a part of the frames, or of the boxes of one size, which has no frames of its own. */
export interface SliceFigures {
  AP: number | null
  AP50?: number | null
  frames?: number
  truths?: number
}

/** 101 points each. */
export interface Curve {
  iou: number
  recall: number[]
  precision: number[]
  score: number[]
}

export interface Confusion {
  /** The last is background. */
  labels: string[]
  /** Rows are truths, columns predictions. */
  matrix: number[][]
  iou: number
  score: number
}

interface AtFrame {
  /** Within the evaluation. */
  image_id: number
  /** The product's; null when it is gone since. */
  frame: number | null
}

export type WorstFrame = AtFrame & Record<ErrorKind, number> & { file_name: string; cost: number }

export type DetectionError = AtFrame & {
  kind: ErrorKind
  /** Of the truth; null where there is none. */
  category: string | null
  predicted: string | null
  score: number | null
  iou: number
  box_xywh: [number, number, number, number]
}

export interface Report {
  figures: Figures
  frames: number
  truths: number
  detections: number
  /** The score from which on a detection counts as one, in `confusion` and in everything about errors. */
  threshold: number
  per_category: Record<string, CategoryFigures>
  slices: Record<string, Record<string, SliceFigures>>
  pr_curves: Record<string, Curve>
  confusion: Confusion
  error_counts: Record<ErrorKind, number>
  worst_frames: WorstFrame[]
  errors: DetectionError[]
}

/** What a job finds that compares two evaluations: `second - first` in AP, with the interval of 95 % of the draws. */
export interface Comparison {
  first: number
  second: number
  difference: number
  low: number
  high: number
  p: number
  draws: number
}
