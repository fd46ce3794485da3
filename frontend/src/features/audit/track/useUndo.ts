/** Take back the last decision, of this page or an earlier one, and say what became of it. */

import { useTranslation } from 'react-i18next'
import type { TrackSession } from './TrackSession'

export function useUndo(session: TrackSession): () => void {
  const { t } = useTranslation()
  return () => {
    const undone = session.undo()
    session.say(undone ? t('track.said.undone') : '')
    if (!undone) void session.undoEarlier().then((became) => session.say(t(`track.said.${became}`)))
  }
}
