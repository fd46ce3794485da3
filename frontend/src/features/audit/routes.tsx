/** The pages of this feature; the router mounts them lazily and parses their search. */

import { useSearch } from '@tanstack/react-router'
import { AuditPage as Queue } from './AuditPage'
import { DeskPage as Desk } from './DeskPage'
import { GridPage as Grid } from './grid/GridPage'
import { TrackPage as Track } from './track/TrackPage'

interface AuditSearch {
  readonly drive?: number
  readonly category?: number
  readonly frame?: number
  readonly light?: 'day' | 'night'
  readonly state?: 'new'
  readonly missed?: true
  readonly track?: number
  readonly slice?: number
}

export function AuditPage() {
  const { drive }: AuditSearch = useSearch({ strict: false })
  return <Queue drive={drive ?? null} />
}

export function DeskPage() {
  const { drive, category, light, frame, state, slice }: AuditSearch = useSearch({ strict: false })
  return (
    <Desk
      drive={drive ?? null}
      category={category ?? null}
      light={light ?? null}
      frame={frame ?? null}
      state={state ?? null}
      slice={slice ?? null}
    />
  )
}

export function GridPage() {
  const { drive, category, missed }: AuditSearch = useSearch({ strict: false })
  return <Grid drive={drive ?? null} category={category ?? null} missed={missed ?? false} />
}

export function TrackPage() {
  const { drive, track }: AuditSearch = useSearch({ strict: false })
  return <Track drive={drive ?? null} track={track ?? null} />
}
