/** A category of any taxonomy of the workspace. */

import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { DeskApi } from './session/deskApi'

const api = new DeskApi()

interface CategoryFilterProps {
  readonly label: string
  readonly placeholder: string
  readonly value: number | null
  onChange(category: number | null): void
}

export function CategoryFilter({ label, placeholder, value, onChange }: CategoryFilterProps) {
  const taxonomies = useQuery({ queryKey: ['audit', 'taxonomies'], queryFn: () => api.taxonomies() })
  const groups = (taxonomies.data ?? []).map(({ name, version, categories }) => ({
    group: `${name} v${version}`,
    items: categories.map((category) => ({ value: String(category.id), label: category.name })),
  }))
  return (
    <Select
      aria-label={label}
      placeholder={placeholder}
      clearable
      searchable
      data={groups}
      value={value === null ? null : String(value)}
      onChange={(chosen) => onChange(chosen === null ? null : Number(chosen))}
    />
  )
}
