/** What a camera can see, in the person's language. */
import type { TFunction } from 'i18next'

const KNOWN = ['night', 'glare', 'rain', 'fog', 'blur', 'blocked', 'frozen'] as const

/** A name that this page does not know (of a newer device) is told as it is. */
export function sceneOf(labels: Record<string, number>, t: TFunction): string {
  const told = Object.keys(labels).map((name) => {
    const known = KNOWN.find((one) => one === name)
    return known ? t(`fleet.scenes.${known}`) : name
  })
  return told.join(', ') || t('fleet.clear')
}
