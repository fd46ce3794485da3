/** Everything that the desk shows, as one immutable value. Layers and panels read it; only the editor replaces it. */

import type { OwnKeys } from './keys/ownKeys'
import type { Box, Size } from './math/box'
import type { Camera } from './math/camera'
import type { ImagePoint } from './math/point'
import { AS_RECORDED, type Light } from './render/tone'
import { type Filter, isFiltered, NO_FILTER } from './scene/filter'
import { isGone, isOpen, type LabelBox, type LabelCategory, type LabelledFrame } from './scene/label'
import type { Pin } from './scene/pin'
import type { ToolState } from './tools/ToolState'

/** What a person sets once and keeps. */
export interface Preferences extends Filter, Light {
  /** On a new box: show it large, or keep the whole frame in view. */
  readonly zoomToBox: boolean
  readonly boxesHidden: boolean
  readonly labelsHidden: boolean
  /** Show rejected and dismissed boxes too. */
  readonly goneShown: boolean
  readonly whyShown: boolean
  /** Lines through the pointer, from edge to edge; while drawing they are always there. */
  readonly crosshair: boolean
  /** Of the labels on the stage; 1 = 11 px. */
  readonly labelSize: number
}

/** How the frame looks and what of it is hidden: what one key puts back. Habits of working stay. */
export const DEFAULT_LOOK = {
  boxesHidden: false,
  labelsHidden: false,
  goneShown: false,
  crosshair: false,
  labelSize: 1,
  ...AS_RECORDED,
  ...NO_FILTER,
} satisfies Partial<Preferences>

export const DEFAULT_PREFERENCES: Preferences = {
  zoomToBox: true,
  whyShown: true,
  ...DEFAULT_LOOK,
}

export interface EditorState {
  readonly labelled: LabelledFrame | null
  readonly image: ImageBitmap | null
  readonly categories: readonly LabelCategory[]
  /** `client_id` of the box in question. */
  readonly selected: string | null
  /** The others that are selected with it: what is done to one is done to all. */
  readonly alongside: ReadonlySet<string>
  /** Geometry that a gesture has not committed yet: of the selected box, or of the box being drawn. */
  readonly draft: Box | null
  /** The rubber band of a gesture that selects what lies in it. */
  readonly band: Box | null
  /** Arrows move the selected box instead of the selection. */
  readonly editing: boolean
  readonly tool: ToolState
  readonly cursor: string
  readonly camera: Camera
  readonly view: Size
  /** The category that a new box gets. */
  readonly category: number | null
  readonly dialog: 'palette' | 'help' | 'keys' | 'compare' | 'comment' | 'review' | null
  readonly keys: OwnKeys
  /** What people said about this frame, by where it is pinned. */
  readonly pins: readonly Pin[]
  /** The point that the next comment is pinned to. */
  readonly pinPoint: ImagePoint | null
  /** The conversation that is being read. */
  readonly thread: number | null
  readonly preferences: Preferences
}

export const selectedBox = (state: EditorState): LabelBox | null =>
  state.labelled?.boxes.find((box) => box.client_id === state.selected) ?? null

/** The box in question first, then those selected with it. */
export function selectedBoxes(state: EditorState): readonly LabelBox[] {
  const first = selectedBox(state)
  return first ? [first, ...besides(state)] : []
}

/** Those selected with the box in question. */
export function besides({ labelled, alongside }: EditorState): readonly LabelBox[] {
  return alongside.size === 0 ? [] : (labelled?.boxes ?? []).filter((box) => alongside.has(box.client_id))
}

/** The box in question, then every other shown one that fits. */
export function questionFirst(state: EditorState, fits: (box: LabelBox) => boolean): readonly LabelBox[] {
  const first = selectedBox(state)
  return [...(first ? [first] : []), ...shownBoxes(state).filter((box) => box !== first && fits(box))]
}

export const selectedCount = ({ selected, alongside }: EditorState): number => (selected ? 1 + alongside.size : 0)

export const isSelected = ({ selected, alongside }: Selection, box: LabelBox): boolean =>
  box.client_id === selected || alongside.has(box.client_id)

type Selection = Pick<EditorState, 'selected' | 'alongside'>

/** A category's key says what the next box is: none is in question, or the tool waits for its first corner. */
export const drawsNext = (state: EditorState): boolean =>
  selectedBox(state) === null || state.tool.path.startsWith('draw')

/** The boxes that are on the stage and in the list; selected ones always are. */
export const shownBoxes = (state: EditorState): readonly LabelBox[] =>
  (state.labelled?.boxes ?? []).filter((box) => isShown(box, state.preferences) || isSelected(state, box))

const isShown = (box: LabelBox, preferences: Preferences): boolean =>
  (preferences.goneShown || !isGone(box)) && !isFiltered(box, preferences)

/** How many boxes the person has put out of sight; rejected ones do not count, they are not missed. */
export const hiddenCount = (state: EditorState): number => hiddenBoxes(state).length

/** How many of those still wait for a decision. */
export const hiddenOpenCount = (state: EditorState): number => hiddenBoxes(state).filter(isOpen).length

export function hiddenInWords(state: EditorState): string {
  const [all, open] = [hiddenCount(state), hiddenOpenCount(state)]
  if (all === 0) return 'nothing is hidden'
  return open === 0 ? `${all} hidden` : `${all} hidden, ${open} of them to decide`
}

const hiddenBoxes = (state: EditorState): readonly LabelBox[] =>
  (state.labelled?.boxes ?? []).filter(
    (box) =>
      !isGone(box) &&
      (state.preferences.boxesHidden || (isFiltered(box, state.preferences) && !isSelected(state, box))),
  )

export const categoryOf = (state: EditorState, box: LabelBox): LabelCategory | null =>
  state.categories.find((category) => category.id === box.category) ?? null

export const hasCrosshair = ({ tool, preferences }: EditorState): boolean =>
  preferences.crosshair || tool.path.startsWith('draw')

/** On a tiny box handles would hide what there is to judge, and catch what was meant for the box. */
const ROOM_FOR_HANDLES_PX = 56

export const hasHandles = (state: EditorState, box: Box): boolean =>
  state.alongside.size === 0 &&
  (state.editing || state.draft !== null || Math.min(box.width, box.height) * state.camera.scale > ROOM_FOR_HANDLES_PX)
