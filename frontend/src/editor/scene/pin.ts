/** Where conversations stand on the frame: on a box, at a point, or nowhere when they are about the frame as a whole. */

import { toScreen } from '../math/camera'
import { imagePoint, type ScreenPoint, screenPoint } from '../math/point'
import type { EditorState } from '../state'

export interface Pin {
  readonly id: number
  /** Counts the frame's conversations from 1. */
  readonly number: number
  readonly box: string | null
  readonly x: number | null
  readonly y: number | null
  readonly resolved: boolean
}

export const PIN_RADIUS_PX = 10

/** Beside the corner, not on it: there is a handle. */
const BESIDE_PX = 15

/** On a box it goes along with the box's upper right corner; a box that is gone leaves the pin at its last middle. */
export function onScreen(pin: Pin, state: EditorState): ScreenPoint | null {
  const box = state.labelled?.boxes.find(({ client_id }) => client_id === pin.box)
  if (box) {
    const corner = toScreen(state.camera, imagePoint(box.x + box.width, box.y))
    return screenPoint(corner.x + BESIDE_PX, corner.y - BESIDE_PX)
  }
  return pin.x === null || pin.y === null ? null : toScreen(state.camera, imagePoint(pin.x, pin.y))
}

/** The pin under the pointer; open ones lie over resolved ones. */
export function pinAt(state: EditorState, at: ScreenPoint): Pin | null {
  if (state.preferences.boxesHidden) return null
  const hit = state.pins.filter((pin) => {
    const place = onScreen(pin, state)
    return place !== null && Math.hypot(place.x - at.x, place.y - at.y) <= PIN_RADIUS_PX
  })
  return hit.find((pin) => !pin.resolved) ?? hit[0] ?? null
}
