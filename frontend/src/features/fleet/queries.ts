/** Devices, what they bring and what they are told. Read anew every few seconds: the road does not wait. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, apiUrl, csrfToken } from '../../api/client'
import { apiErrorOf } from '../../api/errors'
import type { Job, Page } from '../../api/types'
import { currentWorkspace } from '../../api/workspace'
import { notifyError } from '../../ui/notify'
import type {
  Alarm,
  Campaign,
  Command,
  Device,
  DeviceToken,
  Release,
  Rollout,
  Sighting,
  Timeline,
  Uplink,
} from './types'

const LIVE_MS = 3000
const CALM_MS = 10_000

function list<Row>(name: string, path: string, query: Record<string, string | number> = {}, every = CALM_MS) {
  return queryOptions({
    queryKey: ['fleet', name, query],
    queryFn: async ({ signal }) =>
      (await api.get<Page<Row>>(path, { query: { page_size: 100, ...query }, signal })).results,
    refetchInterval: every,
  })
}

const ofDevice = (device?: number): Record<string, number> => (device === undefined ? {} : { device })

export const devicesQuery = list<Device>('devices', '/devices/', { page_size: 500 })
export const alarmsQuery = (device?: number) => list<Alarm>('alarms', '/fleet-alarms/', ofDevice(device), LIVE_MS)
export const uplinksQuery = (device: number) => list<Uplink>('uplinks', '/fleet-uplinks/', { device })
export const sightingsQuery = (device: number) => list<Sighting>('sightings', '/fleet-sightings/', { device })
export const commandsQuery = (device: number) => list<Command>('commands', '/fleet-commands/', { device }, LIVE_MS)
export const campaignsQuery = list<Campaign>('campaigns', '/fleet-campaigns/')
export const releasesQuery = list<Release>('releases', '/fleet-releases/')
export const rolloutsQuery = list<Rollout>('rollouts', '/fleet-rollouts/', {}, LIVE_MS)
export const simulationsQuery = list<Job>('simulations', '/jobs/', { kind: 'simulate_device', page_size: 20 }, LIVE_MS)

export const deviceQuery = (id: number) =>
  queryOptions({
    queryKey: ['fleet', 'device', id],
    queryFn: ({ signal }) => api.get<Device>(`/devices/${id}/`, { signal }),
    refetchInterval: CALM_MS,
  })

export const timelineQuery = (job: string) =>
  queryOptions({
    queryKey: ['fleet', 'timeline', job],
    queryFn: ({ signal }) => api.get<Timeline>(`/fleet-simulations/${job}/timeline/`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const pictureUrl = (job: string, number: number) => apiUrl(`/fleet-simulations/${job}/pictures/${number}`)

/** Anything that changes the fleet; all of it is read anew afterwards. */
export function useFleetWrite<Values, Result>(write: (values: Values) => Promise<Result>, { quiet = false } = {}) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: write,
    onError: quiet ? undefined : notifyError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['fleet'] }),
  })
}

export interface Order {
  device: number
  kind: string
  args?: Record<string, unknown>
}

export const register = (values: { name: string; vehicle: string }) => api.post<DeviceToken>('/devices/', values)
export const rotate = (device: number) => api.post<DeviceToken>(`/devices/${device}/token/`)
export const revoke = (device: number) => api.post(`/devices/${device}/revoke/`)
export const order = ({ device, kind, args = {} }: Order) =>
  api.post<Command>(`/devices/${device}/commands/`, { kind, args })
export const orderAll = (values: { kind: 'set_thresholds' | 'set_budget'; args: Record<string, unknown> }) =>
  api.post<{ devices: number }>('/fleet-orders/', values)
export const setCamera = ({ device, camera }: { device: number; camera: Record<string, number | null> }) =>
  api.put<Command>(`/devices/${device}/camera/`, camera)
export const forgetCamera = (device: number) => api.delete(`/devices/${device}/camera/`)
export const takeBack = (id: string) => api.post<Command>(`/fleet-commands/${id}/cancel/`)
export const startCampaign = (text: string) => api.post<Campaign>('/fleet-campaigns/', { text })
export const moveCampaign = ({ id, state }: { id: number; state: string }) =>
  api.post<Campaign>(`/fleet-campaigns/${id}/state/`, { state })
export const startRollout = (values: { release: number; canary_share: number; soak_minutes: number }) =>
  api.post<Rollout>('/fleet-rollouts/', values)
export const rollBack = (id: number) => api.post<Rollout>(`/fleet-rollouts/${id}/back/`)
export const simulate = (values: { drive: number; speed_kmh: number }) => api.post<Job>('/fleet-simulations/', values)

/** A file travels as a form, not as JSON. */
export async function addRelease({ version, file }: { version: string; file: File }): Promise<Release> {
  const body = new FormData()
  body.set('version', version)
  body.set('file', file)
  const workspace = currentWorkspace()
  const headers = { 'X-CSRFToken': csrfToken(), ...(workspace ? { 'X-Workspace': workspace } : {}) }
  const response = await fetch(apiUrl('/fleet-releases/'), {
    method: 'POST',
    headers,
    body,
    credentials: 'same-origin',
  })
  if (!response.ok) throw await apiErrorOf(response)
  return response.json()
}
