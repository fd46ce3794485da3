import type { Command } from './command'

const GAMMAS = [1.6, 2.2]

/** Gamma: the dark parts become readable and the lamps do not wash out. */
const liftShadows: Command = {
  id: 'lift-shadows',
  title: 'Lift the shadows of a dark frame, then as recorded again',
  group: 'View',
  keys: ['Shift+n'],
  run(editor) {
    const gamma = GAMMAS.find((one) => one > editor.state.preferences.gamma) ?? 1
    editor.prefer({ gamma })
    editor.host.announce(gamma === 1 ? 'Light as recorded' : `Gamma ${gamma}`)
  },
}
export default liftShadows
