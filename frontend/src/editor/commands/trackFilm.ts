import { selectedBox } from '../state'
import type { Command } from './command'

const trackFilm: Command = {
  id: 'track-film',
  title: 'The whole track as a film',
  group: 'Desk',
  keys: ['t'],
  hint: 'track',
  when: ({ state }) => (selectedBox(state)?.track ?? null) !== null,
  run: (editor) => editor.host.openTrack(),
}
export default trackFilm
