/** The name of a YOLOX's size: an official one with its refinements, `tiny+relu+stem`, or with all of them `tiny-lite`. */
export const REFINEMENTS = ['relu', 'stem', 'pools', '16'] as const
type Refinement = (typeof REFINEMENTS)[number]

const LITE = '-lite'

export function baseOf(size: string): string {
  return size.replace(LITE, '').split('+')[0] ?? ''
}

export function refinementsOf(size: string): Refinement[] {
  if (size.endsWith(LITE)) return [...REFINEMENTS]
  const words = size.split('+').slice(1)
  return REFINEMENTS.filter((name) => words.includes(name))
}

export function sizeWith(base: string, refinements: readonly string[]): string {
  const chosen = REFINEMENTS.filter((name) => refinements.includes(name))
  return chosen.length === REFINEMENTS.length ? `${base}${LITE}` : [base, ...chosen].join('+')
}

/** How the labels of a version are believed: a split and the method that learns from it. */
export interface LabelChoice {
  name: 'gt' | 'threshold' | 'rpld' | 'full'
  split: 'TrainGT' | 'TrainPseudo' | 'Full'
  method: 'none' | 'threshold' | 'rpld'
}

export const LABELS: readonly LabelChoice[] = [
  { name: 'gt', split: 'TrainGT', method: 'none' },
  { name: 'threshold', split: 'TrainPseudo', method: 'threshold' },
  { name: 'rpld', split: 'TrainPseudo', method: 'rpld' },
  { name: 'full', split: 'Full', method: 'rpld' },
]

/** The choice that split and method come to; undefined for any other pair. */
export function labelsOf(split: string, method: string): LabelChoice | undefined {
  return LABELS.find((one) => one.split === split && one.method === method)
}

export interface Budget {
  parameters: number | null
  gflops: number | null
  milliseconds: number | null
}

export const NO_BUDGET: Budget = { parameters: null, gflops: null, milliseconds: null }
