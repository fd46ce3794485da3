/** Why a device sent a frame, in the person's language; `alarm:fcw` is told as the alarm's name would be. */
import type { TFunction } from 'i18next'

const KNOWN = [
  'key',
  'campaign',
  'random',
  'clip',
  'unsure',
  'flicker',
  'small_dense',
  'novel_scene',
  'cipo_unsure',
  'shadow',
] as const

/** A newer device may know more: its own word is better than none. */
export function reasonOf(trigger: string, t: TFunction): string {
  if (trigger.startsWith('alarm:')) return t('fleet.triggers.alarm')
  const known = KNOWN.find((one) => one === trigger)
  return known ? t(`fleet.triggers.${known}`) : trigger
}
