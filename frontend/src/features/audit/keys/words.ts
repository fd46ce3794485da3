/** A command's words in the person's language: the English ones stand with the command, others in their bundle under its id. */

import type { TFunction } from 'i18next'

interface Worded {
  readonly id: string
  readonly title: string
  readonly group: string
  readonly hint?: string
}

export const titleOf = ({ id, title }: Worded, t: TFunction): string => word(t, `commands.${id}.title`, title)

export const hintOf = ({ id, hint = '' }: Worded, t: TFunction): string => word(t, `commands.${id}.hint`, hint)

export const groupOf = ({ group }: Worded, t: TFunction): string => word(t, `commandGroups.${group}`, group)

/** English has no such key: nobody keeps a second list of what the commands say. */
const word = (t: TFunction, key: string, english: string): string =>
  (t as unknown as (key: string, english: string) => string)(key, english)
