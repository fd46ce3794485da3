/** Which of a report's errors are shown. */
import type { DetectionError, ErrorKind } from '../../api/report'

export interface ErrorFilter {
  kind?: ErrorKind
  /** Of the truth or of the prediction. */
  category?: string
}

export function chosenErrors(errors: readonly DetectionError[], { kind, category }: ErrorFilter): DetectionError[] {
  return errors.filter(
    (error) =>
      (kind === undefined || error.kind === kind) &&
      (category === undefined || error.category === category || error.predicted === category),
  )
}

/** Every category that an error names, by name. */
export function categoriesOf(errors: readonly DetectionError[]): string[] {
  const names = errors.flatMap(({ category, predicted }) => [category, predicted])
  return [...new Set(names.filter((name) => name !== null))].sort((a, b) => a.localeCompare(b))
}
