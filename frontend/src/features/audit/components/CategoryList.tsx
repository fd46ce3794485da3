/** The categories with their keys and what the model thought; a click relabels and goes on. */

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { spoken } from '../../../editor/commands/chord'
import { categoryHotkeys } from '../../../editor/commands/hotkeys'
import { selectedBox } from '../../../editor/state'
import { useOwnKeys } from '../keys/useKeys'
import classes from './desk.module.css'
import { useCommand, useEditor } from './useDesk'

export function CategoryList() {
  const { t } = useTranslation()
  const categories = useEditor((state) => state.categories)
  const box = useEditor(selectedBox)
  const run = useCommand()
  const own = useOwnKeys()
  const hotkeys = useMemo(() => categoryHotkeys(categories, own), [categories, own])
  return (
    <section aria-label={t('audit.categories')}>
      <ul className={classes.categories}>
        {categories.map((category) => {
          const key = hotkeys.get(category.id)
          const probability = box?.probs[category.name] ?? 0
          return (
            <li key={category.id}>
              <button
                type="button"
                disabled={box === null}
                aria-pressed={box?.category === category.id}
                aria-keyshortcuts={key}
                onMouseDown={(event) => event.preventDefault()}
                onClick={(event) => run(event.shiftKey ? 'relabel-stay' : 'relabel', category.id)}
              >
                <kbd>{key ? spoken(key) : ' '}</kbd>
                <span className={classes.swatch} style={{ background: category.colour }} />
                <span className={classes.name}>{category.name}</span>
                <span className={classes.dim}>{probability >= 0.005 ? probability.toFixed(2).slice(1) : ''}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
