/** The stations of the loop, from the overview's numbers. */
import type { Overview } from '../../api/types'
import { formatCount, formatDuration } from '../../ui/format'

export interface Station {
  name: 'footage' | 'frames' | 'prelabelled' | 'audited' | 'versions' | 'models' | 'devices'
  to: '/drives' | '/audit' | '/datasets' | '/models' | '/fleet'
  count: number
  /** How much of what came in has reached this station, in [0, 1]. */
  share: number
  /** Numbers for the station's second line. */
  detail: Record<string, number | string>
}

/** A frame that is in audit or audited has been pre-labelled too: the stations count what has passed them. */
export function stationsOf({ footage, frames, boxes, datasets, models, fleet }: Overview): Station[] {
  const usable = frames.total - frames.excluded
  const prelabelled = usable - frames.new
  const open = boxes.pending + boxes.missed_candidate
  return [
    {
      name: 'footage',
      to: '/drives',
      count: footage.drives,
      share: present(footage.drives),
      detail: { duration: formatDuration(footage.hours * 3600) },
    },
    {
      name: 'frames',
      to: '/drives',
      count: frames.total,
      share: present(frames.total),
      detail: { new: formatCount(frames.new) },
    },
    {
      name: 'prelabelled',
      to: '/audit',
      count: prelabelled,
      share: ratio(prelabelled, usable),
      detail: { open: formatCount(open) },
    },
    {
      name: 'audited',
      to: '/audit',
      count: frames.audited,
      share: ratio(frames.audited, usable),
      detail: { decided: formatCount(boxes.accepted + boxes.edited + boxes.rejected) },
    },
    {
      name: 'versions',
      to: '/datasets',
      count: datasets.versions,
      share: present(datasets.versions),
      detail: {},
    },
    { name: 'models', to: '/models', count: models.total, share: present(models.total), detail: {} },
    {
      name: 'devices',
      to: '/fleet',
      count: fleet.devices,
      share: ratio(fleet.online, fleet.devices),
      detail: { online: formatCount(fleet.online) },
    },
  ]
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0
}

function present(count: number): number {
  return count > 0 ? 1 : 0
}
