/** One model's view of the frame. Wheel and drag move the camera that all stages share. */
import { Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { type PointerEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ShownFrame } from '../../api/types'
import { type Camera, fitted, panned, zoomedAt } from '../../editor/math/camera'
import { screenPoint } from '../../editor/math/point'
import { Surface } from '../../editor/render/surface'
import type { Pane } from './differences'
import { paint } from './paint'
import classes from './sidebyside.module.css'

const WHEEL_ZOOM = 0.0015

interface StageProps {
  pane: Pane
  frame: ShownFrame
  image: HTMLImageElement | null
  /** Null shows the whole frame. */
  camera: Camera | null
  named: boolean
  onCamera: (camera: Camera) => void
}

export function Stage({ pane, frame, image, camera, named, onCamera }: StageProps) {
  const { t } = useTranslation()
  const { ref: sized, width, height } = useElementSize<HTMLDivElement>()
  const host = useRef<HTMLDivElement>(null)
  const surface = useRef<Surface>(null)
  const view = { width, height }
  const seen = camera ?? fitted(frame, view)
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
    const shown = camera ?? fitted(frame, { width, height })
    paint(surface.current, { image, size: frame, pane, camera: shown, named })
  }, [pane, frame, image, camera, named, width, height])
  useWheel(host, (factor, x, y) => onCamera(zoomedAt(seen, screenPoint(x, y), factor, frame, view)))
  const move = (event: PointerEvent) => {
    if (!held.current) return
    const [dx, dy] = [event.clientX - held.current.x, event.clientY - held.current.y]
    held.current = { x: event.clientX, y: event.clientY }
    onCamera(panned(seen, dx, dy))
  }
  return (
    <figure className={classes.pane}>
      <figcaption>
        <Text size="sm" fw={600} span>
          {t(`sideBySide.role.${pane.model.role}`)}
        </Text>{' '}
        <Text size="xs" c="dimmed" span>
          {pane.model.name}
        </Text>
      </figcaption>
      <div ref={sized}>
        <div
          ref={host}
          className={classes.stage}
          style={{ aspectRatio: `${frame.width} / ${frame.height}` }}
          role="img"
          aria-label={t('sideBySide.stage', {
            role: t(`sideBySide.role.${pane.model.role}`),
            model: pane.model.name,
            count: pane.detections.length,
            frame: frame.name,
          })}
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
    </figure>
  )
}

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
