/** What of the fleet's page stands in its address. */
export const ROOMS = ['devices', 'alarms', 'campaigns', 'releases', 'simulator'] as const
export type Room = (typeof ROOMS)[number]

export interface FleetSearch {
  room?: Room
  /** The simulation that is shown. */
  job?: string
}

export const isRoom = (value: unknown): value is Room => ROOMS.some((room) => room === value)

export function fleetSearch({ room, job }: Record<string, unknown>): FleetSearch {
  return {
    ...(isRoom(room) ? { room } : {}),
    ...(typeof job === 'string' && /^[0-9a-f-]{36}$/.test(job) ? { job } : {}),
  }
}
