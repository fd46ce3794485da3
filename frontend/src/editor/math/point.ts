/** Points that cannot be mixed up: the original frame's pixels, and CSS pixels of the stage. */

declare const space: unique symbol

export interface Point {
  readonly x: number
  readonly y: number
}
export type ImagePoint = Point & { readonly [space]: 'image' }
export type ScreenPoint = Point & { readonly [space]: 'screen' }

export const imagePoint = (x: number, y: number): ImagePoint => ({ x, y }) as ImagePoint
export const screenPoint = (x: number, y: number): ScreenPoint => ({ x, y }) as ScreenPoint

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

export const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)
