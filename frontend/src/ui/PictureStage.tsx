/** A picture on a canvas that somebody else draws: wheel and drag move the camera, which its owner holds. */
import { useElementSize } from '@mantine/hooks'
import { type PointerEvent, useEffect, useRef } from 'react'
import type { Box, Size } from '../editor/math/box'
import { type Camera, fitted, panned, zoomedAt, zoomedToBox } from '../editor/math/camera'
import { screenPoint } from '../editor/math/point'
import { Surface } from '../editor/render/surface'
import classes from './PictureStage.module.css'

const WHEEL_ZOOM = 0.0015

interface PictureStageProps {
  frame: Size
  /** Null shows the focus. */
  camera: Camera | null
  /** The whole frame, unless a box is named. */
  focus?: Box | null
  /** What is seen, for those who do not see it. */
  label: string
  /** Must change when what it draws does. */
  draw: (surface: Surface, camera: Camera) => void
  onCamera: (camera: Camera) => void
}

export function PictureStage({ frame, camera, focus = null, label, draw, onCamera }: PictureStageProps) {
  const { ref: sized, width, height } = useElementSize<HTMLDivElement>()
  const host = useRef<HTMLDivElement>(null)
  const surface = useRef<Surface>(null)
  const view = { width, height }
  const seen = camera ?? focused(focus, frame, view)
  const held = useRef<{ x: number; y: number } | null>(null)
  useEffect(() => {
    if (!host.current) return
    const made = new Surface(host.current)
    surface.current = made
    return () => made.canvas.remove()
  }, [])
  useEffect(() => {
    if (!surface.current || width === 0 || height === 0) return
    const ratio = window.devicePixelRatio || 1
    if (surface.current.size.width !== width || surface.current.size.height !== height)
      surface.current.resize({ width, height }, ratio)
    draw(surface.current, camera ?? focused(focus, frame, { width, height }))
  }, [draw, frame, camera, focus, width, height])
  useWheel(host, (factor, x, y) => onCamera(zoomedAt(seen, screenPoint(x, y), factor, frame, view)))
  const move = (event: PointerEvent) => {
    if (!held.current) return
    const [dx, dy] = [event.clientX - held.current.x, event.clientY - held.current.y]
    held.current = { x: event.clientX, y: event.clientY }
    onCamera(panned(seen, dx, dy))
  }
  return (
    <div ref={sized}>
      <div
        ref={host}
        className={classes.stage}
        style={{ aspectRatio: `${frame.width} / ${frame.height}` }}
        role="img"
        aria-label={label}
        onPointerDown={(event) => {
          held.current = { x: event.clientX, y: event.clientY }
          event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerMove={move}
        onPointerUp={() => {
          held.current = null
        }}
      />
    </div>
  )
}

const focused = (focus: Box | null, frame: Size, view: Size): Camera =>
  focus ? zoomedToBox(focus, frame, view) : fitted(frame, view)

/** React listens to the wheel passively: the page would scroll along. */
function useWheel(host: { current: HTMLElement | null }, zoom: (factor: number, x: number, y: number) => void): void {
  const latest = useRef(zoom)
  latest.current = zoom
  useEffect(() => {
    const element = host.current
    if (!element) return
    const turned = (event: WheelEvent) => {
      event.preventDefault()
      const bounds = element.getBoundingClientRect()
      latest.current(Math.exp(-event.deltaY * WHEEL_ZOOM), event.clientX - bounds.left, event.clientY - bounds.top)
    }
    element.addEventListener('wheel', turned, { passive: false })
    return () => element.removeEventListener('wheel', turned)
  }, [host])
}
