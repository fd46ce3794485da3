/** The categories with their keys and what the model thought; a click relabels and goes on, or says what the next box is. */

import { Fragment, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ariaChord, spoken } from '../../../editor/commands/chord'
import { categoryHotkeys } from '../../../editor/commands/hotkeys'
import { commandOf } from '../../../editor/commands/registry'
import { categoryChord } from '../../../editor/keys/ownKeys'
import { drawsNext, selectedBox } from '../../../editor/state'
import { useOwnKeys } from '../keys/useKeys'
import { CategoryEye } from './CategoryEye'
import classes from './desk.module.css'
import filter from './filter.module.css'
import { useCommand, useEditor } from './useDesk'

export function CategoryList() {
  const { t } = useTranslation()
  const categories = useEditor((state) => state.categories)
  const box = useEditor(selectedBox)
  const drawing = useEditor(drawsNext)
  const next = useEditor((state) => state.category)
  const run = useCommand()
  const own = useOwnKeys()
  const hotkeys = useMemo(() => categoryHotkeys(categories, own), [categories, own])
  return (
    <section aria-label={t('audit.categories')}>
      <ul className={classes.categories}>
        {categories.map((category) => {
          const key = hotkeys.get(category.id)
          const chord = categoryChord(commandOf(drawing ? 'draw-category' : 'relabel'), own, key)
          const probability = box?.probs[category.name] ?? 0
          return (
            <li key={category.id} className={filter.category}>
              <button
                type="button"
                aria-pressed={(drawing ? next : box?.category) === category.id}
                aria-keyshortcuts={chord ? ariaChord(chord) : undefined}
                onMouseDown={(event) => event.preventDefault()}
                onClick={(event) =>
                  run(drawing ? 'draw-category' : event.shiftKey ? 'relabel-stay' : 'relabel', category.id)
                }
              >
                {/* The key alone: where it goes with Ctrl, the row of hints says so. */}
                <kbd>{chord && key ? spoken(key) : ' '}</kbd>
                <span className={classes.swatch} style={{ background: category.colour }} />
                <span className={classes.name} title={category.name}>
                  {wordsOf(category.name).map((word) => (
                    <Fragment key={word}>
                      {word}
                      <wbr />
                    </Fragment>
                  ))}
                </span>
                <span className={classes.dim}>{probability >= 0.005 ? probability.toFixed(2).slice(1) : ''}</span>
              </button>
              <CategoryEye category={category} hotkey={key} />
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** `car_big_front` may be broken after its underscores, and nowhere else. */
const wordsOf = (name: string): string[] => name.match(/[^_]*_|[^_]+$/g) ?? [name]
