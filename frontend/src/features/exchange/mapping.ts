/** Which of our categories each category of a file becomes. */
import type { CategoryMapping, LabelImport } from '../../api/types'

/** What stands for a region to ignore where only text can be chosen. */
export const IGNORE = '(ignore)'

type Categories = NonNullable<LabelImport['survey']>['categories']

/** What was chosen before, else what the names suggest; a category without either is not in it. */
export function firstMapping({ survey, mapping }: Pick<LabelImport, 'survey' | 'mapping'>): CategoryMapping {
  const chosen = new Map(Object.entries(mapping))
  const rows = survey?.categories.filter(({ ignore }) => !ignore) ?? []
  return Object.fromEntries(
    rows.flatMap(({ name, ours }) => {
      const value = chosen.has(name) ? chosen.get(name) : ours
      return value || chosen.has(name) ? [[name, value ?? null]] : []
    }),
  )
}

export function unmapped(categories: Categories, mapping: CategoryMapping): string[] {
  return categories.filter(({ name, ignore }) => !ignore && !(name in mapping)).map(({ name }) => name)
}
