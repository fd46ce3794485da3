/** What an alarm is called: its kind, and of a lane departure the side. */
import type { TFunction } from 'i18next'
import type { Alarm } from './types'

export function alarmName({ kind, side }: { kind: Alarm['kind']; side?: Alarm['side'] }, t: TFunction): string {
  return side ? t(`fleet.kindSide.${side}`, { kind: t(`fleet.kind.${kind}`) }) : t(`fleet.kind.${kind}`)
}
