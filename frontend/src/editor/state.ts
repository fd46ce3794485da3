/** Everything that the desk shows, as one immutable value. Layers and panels read it; only the editor replaces it. */

import type { OwnKeys } from './keys/ownKeys'
import type { Box, Size } from './math/box'
import type { Camera } from './math/camera'
import { isGone, type LabelBox, type LabelCategory, type LabelledFrame } from './scene/label'
import type { ToolState } from './tools/ToolState'

/** What a person sets once and keeps. */
export interface Preferences {
  /** On a new box: show it large, or keep the whole frame in view. */
  readonly zoomToBox: boolean
  readonly boxesHidden: boolean
  readonly labelsHidden: boolean
  /** Show rejected and dismissed boxes too. */
  readonly goneShown: boolean
  readonly whyShown: boolean
  /** 1 = as recorded. */
  readonly brightness: number
  readonly contrast: number
}

export const DEFAULT_PREFERENCES: Preferences = {
  zoomToBox: true,
  boxesHidden: false,
  labelsHidden: false,
  goneShown: false,
  whyShown: true,
  brightness: 1,
  contrast: 1,
}

export interface EditorState {
  readonly labelled: LabelledFrame | null
  readonly image: ImageBitmap | null
  readonly categories: readonly LabelCategory[]
  /** `client_id` of the box in question. */
  readonly selected: string | null
  /** Geometry that a gesture has not committed yet: of the selected box, or of the box being drawn. */
  readonly draft: Box | null
  /** Arrows move the selected box instead of the selection. */
  readonly editing: boolean
  readonly tool: ToolState
  readonly cursor: string
  readonly camera: Camera
  readonly view: Size
  /** The category that a new box gets. */
  readonly category: number | null
  readonly dialog: 'palette' | 'help' | 'keys' | null
  readonly keys: OwnKeys
  readonly preferences: Preferences
}

export const selectedBox = (state: EditorState): LabelBox | null =>
  state.labelled?.boxes.find((box) => box.client_id === state.selected) ?? null

/** The boxes that are on the stage and in the list. */
export const shownBoxes = (state: EditorState): readonly LabelBox[] =>
  (state.labelled?.boxes ?? []).filter(
    (box) => state.preferences.goneShown || !isGone(box) || box.client_id === state.selected,
  )

export const categoryOf = (state: EditorState, box: LabelBox): LabelCategory | null =>
  state.categories.find((category) => category.id === box.category) ?? null

/** On a tiny box handles would hide what there is to judge, and catch what was meant for the box. */
const ROOM_FOR_HANDLES_PX = 56

export const hasHandles = (state: EditorState, box: Box): boolean =>
  state.editing || state.draft !== null || Math.min(box.width, box.height) * state.camera.scale > ROOM_FOR_HANDLES_PX
