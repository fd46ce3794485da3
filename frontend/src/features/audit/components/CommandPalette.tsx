/** Every command and category by name: type, choose, Enter. */

import { TextInput } from '@mantine/core'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { spoken } from '../../../editor/commands/chord'
import { categoryHotkeys } from '../../../editor/commands/hotkeys'
import { COMMANDS, commandOf } from '../../../editor/commands/registry'
import { categoryChord } from '../../../editor/keys/ownKeys'
import { capOf, useOwnKeys } from '../keys/useKeys'
import { titleOf } from '../keys/words'
import { DeskDialog } from './DeskDialog'
import classes from './desk.module.css'
import { useCommand, useDesk, useEditor } from './useDesk'

interface Entry {
  readonly key: string
  readonly title: string
  readonly chord: string
  run(): void
}

export function CommandPalette() {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const opened = useEditor((state) => state.dialog === 'palette')
  const close = (): void => editor.set({ dialog: null })
  return (
    <DeskDialog opened={opened} onClose={close} title={t('audit.findCommand')} size="lg">
      <Finder close={close} />
    </DeskDialog>
  )
}

function Finder({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const entries = useEntries()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const words = text.toLowerCase().split(/\s+/)
  const found = entries.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)))
  const run = (entry: Entry | undefined): void => {
    close()
    entry?.run()
  }
  const keyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) setAt((before) => Math.min(Math.max(before + step, 0), found.length - 1))
    else if (event.key === 'Enter') run(found[at])
    else return
    event.preventDefault()
  }
  return (
    <>
      <TextInput
        data-autofocus
        aria-label={t('audit.command')}
        placeholder={t('audit.commandExample')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={keyDown}
        role="combobox"
        aria-expanded
        aria-controls="desk-commands"
        aria-activedescendant={found[at] ? `command-${found[at].key}` : undefined}
      />
      <div id="desk-commands" className={classes.found} role="listbox" aria-label={t('audit.commands')}>
        {found.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys.
          <div
            key={entry.key}
            id={`command-${entry.key}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onMouseMove={() => setAt(index)}
            onClick={() => run(entry)}
          >
            {entry.title} <kbd>{entry.chord}</kbd>
          </div>
        ))}
        {found.length === 0 && <p className={classes.dim}>{t('audit.noCommand')}</p>}
      </div>
    </>
  )
}

/** Commands that hold now and need no chord to act, then one relabel a category. */
function useEntries(): Entry[] {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const categories = useEditor((state) => state.categories)
  const call = useCommand()
  const own = useOwnKeys()
  return useMemo(() => {
    const hotkeys = categoryHotkeys(categories, own)
    const byHand = COMMANDS.filter(
      (command) => command.categoryKeys === undefined && !command.byKeyOnly && (command.when?.(editor) ?? true),
    )
    const commands = byHand.map((command) => ({
      key: command.id,
      title: titleOf(command, t),
      chord: capOf(command, own),
      run: () => call(command.id),
    }))
    const relabels = categories.map(({ id, name }) => ({
      key: `relabel-${id}`,
      title: t('audit.relabel', { category: name }),
      chord: spoken(categoryChord(commandOf('relabel'), own, hotkeys.get(id))),
      run: () => call('relabel', id),
    }))
    const eyes = categories.map(({ id, name }) => ({
      key: `hide-category-${id}`,
      title: t('view.eye', { category: name }),
      chord: spoken(categoryChord(commandOf('hide-category'), own, hotkeys.get(id))),
      run: () => call('hide-category', id),
    }))
    return [...commands, ...relabels, ...eyes]
  }, [editor, categories, own, call, t])
}
