/** The commands are the files of this folder; nobody keeps a list. */

import type { Command } from './command'

const modules = import.meta.glob<{ default: Command }>(
  ['./*.ts', '!./{registry,command,chord,keymap,hotkeys}.ts', '!./*.test.ts'],
  {
    eager: true,
  },
)

export const COMMANDS: readonly Command[] = Object.values(modules).map((module) => module.default)

const byId = new Map(COMMANDS.map((command) => [command.id, command]))

/** The command of that id; a wrong id is a mistake in this program. */
export function commandOf(id: string): Command {
  const command = byId.get(id)
  if (!command) throw new Error(`'${id}' is not a command; known: ${[...byId.keys()].sort().join(', ')}`)
  return command
}
