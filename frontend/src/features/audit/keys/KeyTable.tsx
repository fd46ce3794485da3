/** The commands with their keys, group by group; each key can be taken away, each command given another. */

import type { TFunction } from 'i18next'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { spoken } from '../../../editor/commands/chord'
import { categoryHotkeys } from '../../../editor/commands/hotkeys'
import { type Clash, clashesOf } from '../../../editor/keys/clashes'
import { KEYED } from '../../../editor/keys/keyed'
import type { OwnKeys } from '../../../editor/keys/ownKeys'
import type { LabelCategory } from '../../../editor/scene/label'
import { KeyTableRow } from './KeyTableRow'
import { chordFor, type KeyRow, keyRows, withChord } from './keyRows'
import { chooseKeys, keyStore } from './keyStore'
import classes from './keys.module.css'
import { useCapture } from './useCapture'
import { useOwnKeys } from './useKeys'
import { groupOf, titleOf } from './words'

interface KeyTableProps {
  readonly text: string
  readonly categories: readonly LabelCategory[]
  /** The row that waits for a key. */
  readonly capturing: string | null
  capture(row: string | null): void
}

export function KeyTable({ text, categories, capturing, capture }: KeyTableProps) {
  const { t } = useTranslation()
  const own = useOwnKeys()
  const rows = useMemo(() => keyRows(own, categories), [own, categories])
  const clashes = useMemo(() => clashesOf(KEYED, own, keyOfCategory(own, categories)), [own, categories])
  const waiting = rows.find(({ key }) => key === capturing)
  const took = useCallback(
    (pressed: string | null): void => {
      const chord = waiting && pressed && chordFor(waiting, pressed)
      if (waiting && chord) chooseKeys(withChord(keyStore.getState().keys, waiting, chord))
      if (pressed === null || chord) capture(null)
    },
    [waiting, capture],
  )
  useCapture(waiting !== undefined, took)
  const words = text.toLowerCase().split(/\s+/)
  const found = rows.filter((row) => {
    const said = `${rowTitle(row, t)} ${row.chords.map(spoken).join(' ')}`.toLowerCase()
    return words.every((word) => said.includes(word))
  })
  const groups = [...new Set(found.map((row) => rowGroup(row, t)))]
  const clashesIn = (row: KeyRow): readonly Clash[] =>
    (clashes.get(row.id) ?? []).filter(({ chord }) => row.place === null || row.chords.includes(chord))
  return (
    <div className={classes.table}>
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <h3>{group}</h3>
          <ul>
            {found
              .filter((row) => rowGroup(row, t) === group)
              .map((row) => (
                <KeyTableRow
                  key={row.key}
                  row={row}
                  title={rowTitle(row, t)}
                  clashes={clashesIn(row)}
                  titleOfOther={(id) => rowTitle(rows.find((one) => one.id === id) ?? row, t, { direction: false })}
                  rowOfOther={(clash) => rows.find((one) => one.id === clash.other && holdsChord(one, clash.chord))}
                  capturing={row.key === capturing}
                  capture={() => capture(row.key)}
                />
              ))}
          </ul>
        </section>
      ))}
      {found.length === 0 && <p>{t('audit.noCommand')}</p>}
    </div>
  )
}

function keyOfCategory(own: OwnKeys, categories: readonly LabelCategory[]): ReadonlyMap<string, string> {
  const hotkeys = categoryHotkeys(categories, own)
  return new Map(categories.flatMap(({ id, name }) => (hotkeys.has(id) ? [[name, hotkeys.get(id) ?? '']] : [])))
}

const holdsChord = (row: KeyRow, chord: string): boolean => row.category !== null || row.chords.includes(chord)

const rowGroup = (row: KeyRow, t: TFunction): string => (row.command ? groupOf(row.command, t) : t('audit.categories'))

function rowTitle(row: KeyRow, t: TFunction, { direction = true } = {}): string {
  if (!row.command) return row.category ?? ''
  const title = titleOf(row.command, t)
  const key = row.place === null ? undefined : row.command.keys[row.place]
  return key && direction ? `${title}: ${spoken(key).split('+').at(-1)}` : title
}
