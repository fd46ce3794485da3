/** Show or hide the boxes of a category; the eye shows under the pointer and the focus, and stays where something is hidden. */

import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ariaChord, spoken } from '../../../editor/commands/chord'
import { commandOf } from '../../../editor/commands/registry'
import { categoryChord } from '../../../editor/keys/ownKeys'
import type { LabelCategory } from '../../../editor/scene/label'
import { useOwnKeys } from '../keys/useKeys'
import classes from './filter.module.css'
import { useCommand, useEditor } from './useDesk'

export function CategoryEye({ category: { id, name }, hotkey }: { category: LabelCategory; hotkey?: string }) {
  const { t } = useTranslation()
  const hidden = useEditor((state) => state.preferences.hiddenCategories.includes(id))
  const run = useCommand()
  const chord = categoryChord(commandOf('hide-category'), useOwnKeys(), hotkey)
  const label = t('view.eye', { category: name })
  const Icon = hidden ? IconEyeOff : IconEye
  return (
    <button
      type="button"
      className={classes.eye}
      aria-label={label}
      aria-pressed={hidden}
      aria-keyshortcuts={chord ? ariaChord(chord) : undefined}
      title={chord ? `${label} (${spoken(chord)})` : label}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => run('hide-category', id)}
    >
      <Icon size={16} aria-hidden />
    </button>
  )
}
