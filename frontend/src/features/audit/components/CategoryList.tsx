/** The categories with their keys and what the model thought; a click relabels and goes on, or says what the next box is. */

import { Fragment, memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ariaChord, spoken } from '../../../editor/commands/chord'
import { categoryHotkeys } from '../../../editor/commands/hotkeys'
import { commandOf } from '../../../editor/commands/registry'
import { categoryChord } from '../../../editor/keys/ownKeys'
import type { LabelCategory } from '../../../editor/scene/label'
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
  const own = useOwnKeys()
  const hotkeys = useMemo(() => categoryHotkeys(categories, own), [categories, own])
  return (
    <section aria-label={t('audit.categories')}>
      <ul className={classes.categories}>
        {categories.map((category) => {
          return (
            <CategoryRow
              key={category.id}
              category={category}
              hotkey={hotkeys.get(category.id)}
              drawing={drawing}
              pressed={(drawing ? next : box?.category) === category.id}
              probability={box?.probs[category.name] ?? 0}
            />
          )
        })}
      </ul>
    </section>
  )
}

interface CategoryRowProps {
  category: LabelCategory
  hotkey?: string
  /** The next box gets the category, not the one in question. */
  drawing: boolean
  pressed: boolean
  probability: number
}

const CategoryRow = memo(function CategoryRow({ category, hotkey, drawing, pressed, probability }: CategoryRowProps) {
  const run = useCommand()
  const chord = categoryChord(commandOf(drawing ? 'draw-category' : 'relabel'), useOwnKeys(), hotkey)
  return (
    <li className={filter.category}>
      <button
        type="button"
        aria-pressed={pressed}
        aria-keyshortcuts={chord ? ariaChord(chord) : undefined}
        onMouseDown={(event) => event.preventDefault()}
        onClick={(event) => run(drawing ? 'draw-category' : event.shiftKey ? 'relabel-stay' : 'relabel', category.id)}
      >
        {/* The key alone: where it goes with Ctrl, the row of hints says so. */}
        <kbd>{chord && hotkey ? spoken(hotkey) : ' '}</kbd>
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
      <CategoryEye category={category} hotkey={hotkey} />
    </li>
  )
})

/** `car_big_front` may be broken after its underscores, and nowhere else. */
const wordsOf = (name: string): string[] => name.match(/[^_]*_|[^_]+$/g) ?? [name]
