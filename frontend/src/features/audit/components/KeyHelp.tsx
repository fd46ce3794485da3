/** All keys, by what they are for; read from the commands. */

import { Modal, Switch } from '@mantine/core'
import { spoken } from '../../../editor/commands/chord'
import type { Command } from '../../../editor/commands/command'
import { COMMANDS } from '../../../editor/commands/registry'
import classes from './desk.module.css'
import { useDesk, useEditor } from './useDesk'

const GROUPS = [...new Set(COMMANDS.map((command) => command.group))].sort()

export function KeyHelp() {
  const { editor } = useDesk()
  const opened = useEditor((state) => state.dialog === 'help')
  const singleKeys = useEditor((state) => state.preferences.singleKeys)
  return (
    <Modal
      opened={opened}
      onClose={() => editor.set({ dialog: null })}
      title="Keys"
      size="60rem"
      transitionProps={{ duration: 0 }}
    >
      <Switch
        label="Shortcuts of a single character"
        description="Off: only keys with Ctrl or Alt, arrows, Enter, Del, Tab and function keys act."
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
                    {keysOf(command).map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>Pointer</h3>
          <dl>
            <div>
              <dt>Zoom at the pointer</dt>
              <dd>wheel</dd>
            </div>
            <div>
              <dt>Move the view</dt>
              <dd>drag beside a box, or with the middle button</dd>
            </div>
            <div>
              <dt>Select the box underneath</dt>
              <dd>click again</dd>
            </div>
          </dl>
        </section>
      </div>
    </Modal>
  )
}

function keysOf(command: Command): string[] {
  if (command.categoryKeys !== undefined) return [`${command.categoryKeys}1 … 9, 0, letters in the list`]
  const arrows = command.keys.filter((key) => key.includes('Arrow'))
  if (arrows.length < 4) return command.keys.map(spoken)
  return [...new Set(arrows.map((key) => spoken(key).replace(/[←→↑↓]/, 'arrows')))]
}
