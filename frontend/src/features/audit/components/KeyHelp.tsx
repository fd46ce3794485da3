/** All keys, by what they are for; read from the commands. */

import { Switch } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { spoken } from '../../../editor/commands/chord'
import type { Command } from '../../../editor/commands/command'
import { COMMANDS } from '../../../editor/commands/registry'
import { DeskDialog } from './DeskDialog'
import classes from './desk.module.css'
import { useDesk, useEditor } from './useDesk'

const GROUPS = [...new Set(COMMANDS.map((command) => command.group))].sort()

export function KeyHelp() {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const opened = useEditor((state) => state.dialog === 'help')
  const singleKeys = useEditor((state) => state.preferences.singleKeys)
  return (
    <DeskDialog opened={opened} onClose={() => editor.set({ dialog: null })} title={t('audit.keys')} size="60rem">
      <Switch
        label={t('audit.singleKeys')}
        description={t('audit.singleKeysText')}
        checked={singleKeys}
        onChange={(event) => editor.prefer({ singleKeys: event.currentTarget.checked })}
      />
      <div className={classes.help}>
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {COMMANDS.filter((command) => command.group === group).map((command) => (
                <div key={command.id}>
                  <dt>{command.title}</dt>
                  <dd>
                    {keysOf(command, t).map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>{t('audit.pointer.title')}</h3>
          <dl>
            <div>
              <dt>{t('audit.pointer.zoom')}</dt>
              <dd>{t('audit.pointer.zoomBy')}</dd>
            </div>
            <div>
              <dt>{t('audit.pointer.pan')}</dt>
              <dd>{t('audit.pointer.panBy')}</dd>
            </div>
            <div>
              <dt>{t('audit.pointer.below')}</dt>
              <dd>{t('audit.pointer.belowBy')}</dd>
            </div>
            <div>
              <dt>{t('audit.pointer.several')}</dt>
              <dd>{t('audit.pointer.severalBy')}</dd>
            </div>
          </dl>
        </section>
      </div>
    </DeskDialog>
  )
}

function keysOf(command: Command, t: TFunction): string[] {
  if (command.categoryKeys !== undefined) return [command.categoryKeys + t('audit.categoryKeys')]
  const arrows = command.keys.filter((key) => key.includes('Arrow'))
  if (arrows.length < 4) return command.keys.map(spoken)
  return [...new Set(arrows.map((key) => spoken(key).replace(/[←→↑↓]/, t('audit.arrows'))))]
}
