/** The chosen candidate large, with the road around it: whether something is there is seen by what it stands beside. */

import { useStore } from 'zustand'
import type { LabelCategory } from '../../../editor/scene/label'
import { CropPicture } from '../grid/CropPicture'
import type { GridSession } from '../grid/GridSession'
import type { DeskApi } from '../session/deskApi'
import classes from './missed.module.css'

const VIEW = { width: 760, height: 300 }
/** Of the box's longer side, on each side of it. */
const MARGIN = 1.6

interface SurroundingsProps {
  readonly session: GridSession
  readonly api: DeskApi
  readonly categories: readonly LabelCategory[]
}

export function Surroundings({ session, api, categories }: SurroundingsProps) {
  const { crops, at } = useStore(session.store)
  const crop = crops[at]
  if (!crop) return null
  const colour = categories.find(({ id }) => id === crop.box.category)?.colour ?? '#ffffff'
  return (
    <div className={classes.view} style={VIEW} data-testid="surroundings">
      <CropPicture key={crop.box.client_id} crop={crop} api={api} colour={colour} size={VIEW} margin={MARGIN} ghost />
    </div>
  )
}
