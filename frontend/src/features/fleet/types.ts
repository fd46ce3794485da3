/** The fleet as it travels; only what OpenAPI cannot say is written out: the moments of a simulation. */
import type { components } from '../../api/schema'

type Schemas = components['schemas']

type Numbers = Record<string, number | null>
export type Device = Required<Omit<Schemas['Device'], 'health' | 'camera'>> & {
  health: { waiting?: number; scene?: Record<string, number>; settings?: { thresholds?: Numbers; budget?: Numbers } }
  camera: Numbers
}
export type DeviceToken = { device: Device; token: string }
export type Alarm = Required<Schemas['Alarm']>
export type Uplink = Required<Omit<Schemas['Uplink'], 'body'>> & { body: { sentences?: string[] } }
export type Sighting = Required<Omit<Schemas['Sighting'], 'counts'>> & {
  counts: Partial<Record<'cloud' | 'both' | 'one' | 'device' | 'risk' | 'alarms' | 'doubtful' | 'asked', number>>
}
export type Command = Required<Omit<Schemas['Command'], 'args' | 'result'>> & {
  args: Record<string, unknown>
  result: { reason?: string; frames?: number }
}
export type Campaign = Omit<Schemas['Campaign'], 'rule'> & { rule: { total: number } }
export type Release = Schemas['Release']
export type Rollout = Required<Schemas['Rollout']>

export interface SeenBox {
  track: number
  category: string
  score: number
  box: [number, number, number, number]
  gap_m: number | null
  ttc_s: number | null
  headway_s: number | null
  by_radar: boolean
}

export interface Moment {
  time_ms: number
  boxes: SeenBox[]
  cipo: number | null
  alarms: {
    kind: Alarm['kind']
    side?: Alarm['side']
    level: number
    gap_m: number | null
    seconds: number | null
  }[]
  scene: Record<string, number>
  degraded: boolean
  doubt: number
  uplink: { trigger: string; sentences: string[] } | null
  beside_model_ms: number
}

export interface Timeline {
  width: number
  height: number
  speed_kmh: number
  moments: Moment[]
}
