/** An operation in words, for conflicts and for what was set aside. */

import { describeBox } from '../../../editor/math/box'
import type { LabelCategory } from '../../../editor/scene/label'
import type { OperationKind, Step } from '../../../editor/scene/operations'

const WORDS: Readonly<Record<OperationKind, string>> = {
  accept: 'accept',
  reject: 'reject',
  dismiss: 'dismiss',
  restore: 'put back',
  relabel: 'relabel',
  reshape: 'move',
  create: 'draw',
  flag: 'flag',
  undo: 'undo',
  finish: 'finish the frame',
  reopen: 'open the frame again',
}

export function describeOperation({ operation, before, after }: Step, categories: readonly LabelCategory[]): string {
  const box = before ?? after
  if (!box) return WORDS[operation.kind]
  const name = (id: number | null): string => categories.find((category) => category.id === id)?.name ?? 'box'
  const to = operation.kind === 'relabel' ? ` to ${name(operation.category)}` : ''
  return `${WORDS[operation.kind]} ${name(box.category)} ${describeBox(box)}${to}`
}
