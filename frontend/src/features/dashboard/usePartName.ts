/** A part of a series in the person's language. Categories, models and drives have no translation: they are their own names. */
import { useTranslation } from 'react-i18next'

export function usePartName(series: string): (part: string) => string {
  const { t, i18n } = useTranslation()
  const told = (key: string, or: string) => (i18n.exists(key) ? t(key as 'dashboard.other') : or)
  // A slice is named by its words: "vehicle night small".
  if (series === 'residual_bound_by_slice')
    return (part) => part.split(' ').map((word) => told(`dashboard.slice.${word}`, word)).join(' · ') // biome-ignore format: one line
  return (part) => told(`dashboard.part.${series}.${part.replaceAll(' ', '_')}`, part)
}
