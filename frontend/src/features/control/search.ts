/** What of the control room stands in its address. */
export const ROOMS = ['acts', 'people', 'storage', 'workers', 'removals', 'access', 'webhooks'] as const
export type Room = (typeof ROOMS)[number]

export const isRoom = (value: unknown): value is Room => ROOMS.some((room) => room === value)

export function controlSearch({ room }: Record<string, unknown>): { room?: Room } {
  return isRoom(room) ? { room } : {}
}
