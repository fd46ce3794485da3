/** A frame as each model sees it: the panes share one camera, so that zoom and move go in step. */
import { useHotkeys } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import { apiUrl } from '../../api/client'
import type { ShownFrame, ShownModel } from '../../api/types'
import type { Camera } from '../../editor/math/camera'
import { useImage } from '../../ui/useImage'
import { panesOf } from './differences'
import { Stage } from './Stage'
import classes from './sidebyside.module.css'

interface PanesProps {
  frame: ShownFrame
  models: ShownModel[]
  threshold: number
  named: boolean
}

export function Panes({ frame, models, threshold, named }: PanesProps) {
  const [camera, setCamera] = useState<Camera | null>(null)
  const image = useImage(apiUrl(`/frames/${frame.id}/image`))
  const panes = useMemo(() => panesOf(models, frame.id, threshold), [models, frame.id, threshold])
  useHotkeys([['Home', () => setCamera(null)]])
  return (
    <div className={classes.panes}>
      {panes.map((pane) => (
        <Stage
          key={pane.model.role}
          pane={pane}
          frame={frame}
          image={image}
          camera={camera}
          named={named}
          onCamera={setCamera}
        />
      ))}
    </div>
  )
}
