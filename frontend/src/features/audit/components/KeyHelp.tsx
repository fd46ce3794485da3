/** All keys, by what they are for; read from the commands and from the person's own keys. */

import { Button, Group, Switch } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { spoken } from '../../../editor/commands/chord'
import { COMMANDS } from '../../../editor/commands/registry'
import { actingChords, CATEGORY, type Keyed, type OwnKeys } from '../../../editor/keys/ownKeys'
import { chooseKeys } from '../keys/keyStore'
import { useOwnKeys } from '../keys/useKeys'
import { groupOf, titleOf } from '../keys/words'
import { DeskDialog } from './DeskDialog'
import classes from './desk.module.css'
import { useDesk, useEditor } from './useDesk'

const GROUPS = [...new Set(COMMANDS.map((command) => command.group))].sort()

export function KeyHelp() {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const opened = useEditor((state) => state.dialog === 'help')
  const own = useOwnKeys()
  return (
    <DeskDialog opened={opened} onClose={() => editor.set({ dialog: null })} title={t('audit.keys')} size="60rem">
      <Group justify="space-between" wrap="nowrap">
        <Switch
          label={t('audit.singleKeys')}
          description={t('audit.singleKeysText')}
          checked={own.singleKeys}
          onChange={(event) => chooseKeys({ ...own, singleKeys: event.currentTarget.checked })}
        />
        <Button variant="default" onClick={() => editor.set({ dialog: 'keys' })}>
          {t('keys.change')}
        </Button>
      </Group>
      <div className={classes.help}>
        {GROUPS.map((group) => (
          <Commands key={group} commands={COMMANDS.filter((command) => command.group === group)} own={own} />
        ))}
        <Pointer />
      </div>
    </DeskDialog>
  )
}

function Commands({ commands, own }: { commands: readonly Keyed[]; own: OwnKeys }) {
  const { t } = useTranslation()
  const [first] = commands
  return (
    <section>
      <h3>{first && groupOf(first, t)}</h3>
      <dl>
        {commands.map((command) => (
          <div key={command.id}>
            <dt>{titleOf(command, t)}</dt>
            <dd>
              {keysOf(command, own, t).map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Pointer() {
  const { t } = useTranslation()
  return (
    <section>
      <h3>{t('audit.pointer.title')}</h3>
      <dl>
        {(['zoom', 'pan', 'below', 'several'] as const).map((name) => (
          <div key={name}>
            <dt>{t(`audit.pointer.${name}`)}</dt>
            <dd>{t(`audit.pointer.${name}By`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function keysOf(command: Keyed, own: OwnKeys, t: TFunction): string[] {
  const chords = actingChords(command, own).map((chord) => spoken(chord).replace(CATEGORY, t('audit.categoryKeys')))
  if (!command.directed) return chords
  return [...new Set(chords.map((key) => key.replace(/[←→↑↓]/, t('audit.arrows'))))]
}
