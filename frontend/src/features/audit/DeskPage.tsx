/** `/audit/desk?drive=&category=&light=&frame=&state=&slice=`: one sitting, from opening to leaving. */

import { Center, Loader } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../api/me'
import type { Me } from '../../api/types'
import { LoginDialog } from '../session/LoginDialog'
import { Desk } from './components/Desk'
import { DeskContext } from './components/useDesk'
import { useKeysOfPerson } from './keys/useKeys'
import { openJournal, ownerOf } from './saving/journal'
import { DeskSession } from './session/DeskSession'
import { DeskApi } from './session/deskApi'
import type { DeskQuery } from './session/queue'

export function DeskPage({ drive, category, light, frame, state, slice }: DeskQuery) {
  const { t } = useTranslation()
  const session = useSitting({ drive, category, light, frame, state, slice }, useMe())
  const keysKnown = useKeysOfPerson()
  return (
    <div style={{ height: '100vh' }}>
      {session && keysKnown ? (
        <DeskContext value={session}>
          <Desk />
        </DeskContext>
      ) : (
        <Center h="100%">
          <Loader aria-label={t('audit.opening')} />
        </Center>
      )}
      <LoginDialog />
    </div>
  )
}

/** A session lives as long as the page shows the same queue. */
function useSitting({ drive, category, light, frame, state, slice }: DeskQuery, me: Me | undefined): DeskSession | null {
  const [session, setSession] = useState<DeskSession | null>(null)
  const owner = me && ownerOf(me)
  useEffect(() => {
    if (owner === undefined) return
    const opened = new DeskSession(new DeskApi(), openJournal(), { drive, category, light, frame, state, slice }, owner)
    setSession(opened)
    void opened.start()
    return () => opened.close()
  }, [owner, drive, category, light, frame, state, slice])
  return session
}
