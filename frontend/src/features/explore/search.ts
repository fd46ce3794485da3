/** The question, as it stands in the address of the page and as it is sent. */

export const KINDS = ['frames', 'crops'] as const
export type Kind = (typeof KINDS)[number]
/** What histograms are brushed by. */
export const RANGES = ['risk', 'score', 'side', 'hour'] as const
export type RangeName = (typeof RANGES)[number]
type Limits = { [Name in RangeName as `${Name}_min` | `${Name}_max`]?: number }

export interface Asked extends Limits {
  drive?: number
  category?: number
  model?: number
  state?: string
  box_state?: string
  scene?: string
  text?: string
}

export interface ExploreSearch extends Asked {
  kind?: 'crops'
  /** What looks like this frame, or this label. */
  like_frame?: number
  like_label?: string
  /** The slice whose question this is. */
  slice?: number
}

const IDS = ['drive', 'category', 'model'] as const
const WORDS = ['state', 'box_state', 'scene'] as const
const LIMITS = RANGES.flatMap((name) => [`${name}_min`, `${name}_max`] as const)

export function exploreSearch(values: Record<string, unknown>): ExploreSearch {
  const found: ExploreSearch = askedOf(values)
  if (values.kind === 'crops') found.kind = 'crops'
  if (isId(values.like_frame)) found.like_frame = Number(values.like_frame)
  if (typeof values.like_label === 'string' && /^[0-9a-f-]{36}$/.test(values.like_label))
    found.like_label = values.like_label
  if (isId(values.slice)) found.slice = Number(values.slice)
  return found
}

/** What of it is the question itself: what is sent, and what a slice keeps. */
export function askedOf(values: object): Asked {
  const given = values as Record<string, unknown>
  const found: Asked = {}
  for (const name of IDS) if (isId(given[name])) found[name] = Number(given[name])
  for (const name of WORDS) {
    const word = given[name]
    if (typeof word === 'string' && /^[a-z_]{1,20}$/.test(word)) found[name] = word
  }
  // A word of digits comes out of the address as a number.
  if (typeof given.text === 'string' || typeof given.text === 'number') {
    const text = String(given.text).slice(0, 200)
    if (text !== '') found.text = text
  }
  for (const name of LIMITS) {
    const value = given[name]
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) found[name] = value
  }
  return found
}

export const kindOf = ({ kind }: ExploreSearch): Kind => kind ?? 'frames'

/** The range of a histogram; null at an open end. */
export const rangeOf = (asked: Asked, name: RangeName): readonly [number | null, number | null] => [
  asked[`${name}_min`] ?? null,
  asked[`${name}_max`] ?? null,
]

/** Whether it takes anything away. */
export const isOpenQuestion = (asked: Asked): boolean => Object.keys(askedOf(asked)).length === 0

function isId(value: unknown): boolean {
  const number = Number(value)
  return Number.isInteger(number) && number > 0
}
