/** An announcement of the editor, a label's reason, what a device says or why a chip refuses an operator, in the person's language; English where that has no phrase for it. */

import i18next from 'i18next'
import { chips } from './zh/chips'
import { devices } from './zh/devices'
import { reasons } from './zh/reasons'
import { said } from './zh/said'

const PHRASES: Readonly<Record<string, typeof said>> = { zh: [...said, ...reasons, ...devices, ...chips] }

export function told(text: string, language = i18next.language): string {
  for (const [pattern, phrase] of PHRASES[language] ?? []) {
    const found = pattern.exec(text)
    if (found) return phrase.replace(/\$(\d)/g, (_, place) => told(found[Number(place)] ?? '', language)).trim()
  }
  return text
}
