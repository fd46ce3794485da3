import type { Command } from './command'

/** Tab steps through boxes on the stage; this is the way out of it by keyboard. */
const leaveStage: Command = {
  id: 'leave-stage',
  title: 'Focus on the panels (Tab then moves as usual)',
  group: 'Desk',
  keys: ['F6'],
  run: (editor) => editor.host.leaveStage(),
}
export default leaveStage
