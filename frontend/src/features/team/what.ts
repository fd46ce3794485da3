/** An assignment in words, and where its work is done. */
import type { Assignment } from '../../api/types'

/** "Berlin night, truck", "Berlin night" or "truck". */
export const whatOf = ({ drive, category }: Assignment): string =>
  [drive?.name, category?.name].filter(Boolean).join(', ')

/** The search of the desk that shows its frames. */
export const deskOf = ({ drive, category }: Assignment): { drive?: number; category?: number } => ({
  ...(drive && { drive: drive.id }),
  ...(category && { category: category.id }),
})
