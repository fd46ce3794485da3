/** The categories of all taxonomies of the workspace, by id. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Category } from '../../api/types'
import { DeskApi } from '../audit/session/deskApi'

const api = new DeskApi()

export function useCategories(): ReadonlyMap<number, Category> {
  const taxonomies = useQuery({ queryKey: ['audit', 'taxonomies'], queryFn: () => api.taxonomies() })
  return useMemo(
    () => new Map((taxonomies.data ?? []).flatMap(({ categories }) => categories.map((one) => [one.id, one]))),
    [taxonomies.data],
  )
}
