/** An operation in words, for conflicts and for what was set aside. */

import type { TFunction } from 'i18next'
import { describeBox } from '../../../editor/math/box'
import type { LabelCategory } from '../../../editor/scene/label'
import type { Step } from '../../../editor/scene/operations'
import { told } from '../../../i18n/told'

export function describeOperation(
  { operation, before, after }: Step,
  categories: readonly LabelCategory[],
  t: TFunction,
): string {
  const verb = t(`audit.operation.${operation.kind}`)
  const box = before ?? after
  if (!box) return verb
  const name = (id: number | null): string =>
    categories.find((category) => category.id === id)?.name ?? t('audit.ignore')
  const to = operation.kind === 'relabel' ? ` → ${name(operation.category)}` : ''
  return `${verb} ${name(box.category)} ${told(describeBox(box))}${to}`
}
