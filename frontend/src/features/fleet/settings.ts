/** The numbers that a device can be told, with the standard's values and the limits of its own rules. */
import type { TFunction } from 'i18next'
import type { NumberField, Numbers } from './NumbersForm'

export const STANDARD: Record<'thresholds' | 'budget', Numbers> = {
  thresholds: { fcw_s: 2.7, pcw_s: 3, headway_s: 1, ldw_s: 0.75, enable_kmh: 30 },
  budget: {
    bytes_per_hour: 50_000_000,
    bytes_per_day: 500_000_000,
    share: 0.1,
    chance: 0.01,
    min_interval_ms: 2000,
    key_every_ms: 0,
  },
}

export const thresholdFields = (t: TFunction): NumberField[] => [
  { name: 'fcw_s', label: t('fleet.fcw'), min: 1, max: 5, step: 0.1 },
  { name: 'pcw_s', label: t('fleet.pcw'), min: 1, max: 5, step: 0.1 },
  { name: 'headway_s', label: t('fleet.headway'), min: 1, max: 5, step: 0.1 },
  { name: 'ldw_s', label: t('fleet.ldw'), min: 0.5, max: 1, step: 0.05 },
  { name: 'enable_kmh', label: t('fleet.enable'), min: 0, max: 60, step: 5 },
]

export const budgetFields = (t: TFunction): NumberField[] => [
  { name: 'bytes_per_hour', label: t('fleet.hourly'), min: 0, max: 1_000_000, step: 10, unit: 1_000_000 },
  { name: 'bytes_per_day', label: t('fleet.daily'), min: 0, max: 10_000_000, step: 100, unit: 1_000_000 },
  { name: 'share', label: t('fleet.share'), min: 0, max: 100, step: 1, unit: 0.01 },
  { name: 'chance', label: t('fleet.chance'), min: 0, max: 100, step: 1, unit: 0.01 },
  { name: 'min_interval_ms', label: t('fleet.interval'), min: 0, max: 10_000, step: 1, unit: 1000 },
  { name: 'key_every_ms', label: t('fleet.keyEvery'), min: 0, max: 10_000, step: 0.5, unit: 1000 },
]

export const cameraFields = (t: TFunction): NumberField[] => [
  { name: 'width', label: t('fleet.cameraWidth'), min: 64, max: 20_000, step: 1 },
  { name: 'height', label: t('fleet.cameraHeight'), min: 64, max: 20_000, step: 1 },
  { name: 'focal_px', label: t('fleet.focal'), min: 50, max: 50_000, step: 10 },
  { name: 'height_m', label: t('fleet.mounted'), min: 0.3, max: 5, step: 0.05 },
  { name: 'pitch_deg', label: t('fleet.pitch'), min: -20, max: 20, step: 0.1 },
  { name: 'horizon_px', label: t('fleet.horizon'), min: -5000, max: 20_000, step: 1, optional: true },
]

/** What is in force as far as it is known, and the standard's value of the rest; only the names that the form has. */
export function inForce(kind: keyof typeof STANDARD, known: Numbers = {}): Numbers {
  return Object.fromEntries(Object.entries(STANDARD[kind]).map(([name, value]) => [name, known[name] ?? value]))
}
