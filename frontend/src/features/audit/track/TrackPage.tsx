/** `/audit/track?drive=&track=`: the tracks of a drive as films, each decided by one key. */

import { Button, Group, Select, Skeleton, Text } from '@mantine/core'
import { IconRoute } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useMe } from '../../../api/me'
import { ButtonLink, TextLink } from '../../../ui/ButtonLink'
import { EmptyState } from '../../../ui/EmptyState'
import { PageHeader } from '../../../ui/PageHeader'
import { SavePhase } from '../components/SaveState'
import { useKeysOfPerson } from '../keys/useKeys'
import { openJournal, trackOwnerOf } from '../saving/journal'
import { DeskApi } from '../session/deskApi'
import { keepTrackPresence } from './presence'
import type { TrackEntry } from './sender'
import { TrackDesk } from './TrackDesk'
import { TrackSession } from './TrackSession'
import { TrackApi } from './trackApi'
import { useUndo } from './useUndo'

const desk = new DeskApi()
const tracks = new TrackApi()
const api = {
  tracks: (drive: number) => tracks.tracks(drive),
  film: (track: number) => tracks.film(track),
  decide: tracks.decide.bind(tracks),
  recent: tracks.recent.bind(tracks),
  taxonomies: () => desk.taxonomies(),
  image: (frame: number) => desk.image(frame),
  thumbnail: (frame: number) => desk.thumbnail(frame),
}

export function TrackPage({ drive, track }: { drive: number | null; track: number | null }) {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader
        title={t('track.title')}
        lead={t('track.lead')}
        above={<TextLink to="/audit">{t('audit.title')}</TextLink>}
        actions={<DriveChoice drive={drive} />}
      />
      {drive === null ? (
        <EmptyState icon={IconRoute} title={t('track.choose')}>
          {t('track.chooseText')}
        </EmptyState>
      ) : (
        <Sitting key={drive} drive={drive} track={track} />
      )}
    </>
  )
}

function DriveChoice({ drive }: { drive: number | null }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const summary = useQuery({ queryKey: ['audit', 'summary', null], queryFn: () => desk.summary(null) })
  return (
    <Select
      aria-label={t('grid.drive')}
      placeholder={t('track.choose')}
      searchable
      data={(summary.data?.drives ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
      value={drive === null ? null : String(drive)}
      onChange={(chosen) => void navigate({ to: '/audit/track', search: { drive: Number(chosen) || undefined } })}
    />
  )
}

function Sitting({ drive, track }: { drive: number; track: number | null }) {
  const [session, setSession] = useState<TrackSession | null>(null)
  const me = useMe()
  const owner = me && trackOwnerOf(me)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the track is where a sitting begins; walking on does not begin another.
  useEffect(() => {
    if (owner === undefined) return
    const opened = new TrackSession(api, openJournal<TrackEntry>(), drive, owner)
    const leave = keepTrackPresence(opened)
    setSession(opened)
    void opened.start(track)
    return () => {
      leave()
      opened.close()
    }
  }, [drive, owner])
  return session ? <Opened session={session} /> : <Skeleton h={480} />
}

function Opened({ session }: { session: TrackSession }) {
  const { t } = useTranslation()
  const { phase, trouble } = useStore(session.store)
  const keysKnown = useKeysOfPerson()
  if (phase === 'opening' || !keysKnown) return <Skeleton h={480} />
  if (phase === 'failed')
    return (
      <EmptyState icon={IconRoute} title={t('audit.failed')}>
        {trouble}{' '}
        <Button size="compact-sm" onClick={() => void session.start(null)}>
          {t('audit.tryAgain')}
        </Button>
      </EmptyState>
    )
  if (phase === 'empty') return <NothingWaits session={session} />
  return (
    <>
      <Progress session={session} />
      <TrackDesk session={session} api={desk} />
    </>
  )
}

/** Also after a reload there is something to take back: no film has the keyboard here, so a button does it. */
function NothingWaits({ session }: { session: TrackSession }) {
  const { t } = useTranslation()
  const { said } = useStore(session.store)
  const undo = useUndo(session)
  return (
    <EmptyState
      icon={IconRoute}
      title={t('track.empty')}
      action={
        <Group justify="center">
          <Button variant="default" onClick={undo}>
            {t('grid.undoLast')}
          </Button>
          <ButtonLink to="/audit">{t('audit.back')}</ButtonLink>
        </Group>
      }
    >
      {t('track.emptyText')}
      <div aria-live="polite" data-testid="said">
        {said}
      </div>
    </EmptyState>
  )
}

function Progress({ session }: { session: TrackSession }) {
  const { t } = useTranslation()
  const { tracks: all, decided, saving, waiting, journalled } = useStore(session.store)
  const undo = useUndo(session)
  const left = all.filter((each) => session.openOf(each) > 0).length
  return (
    <Group h={30} mb={4} wrap="nowrap">
      <Text size="sm" style={{ fontVariantNumeric: 'tabular-nums' }} data-testid="track-progress">
        {t('track.progress', { count: left, decided })}
      </Text>
      <SavePhase phase={saving} waiting={waiting} journalled={journalled} />
      <Button ml="auto" size="compact-sm" variant="subtle" onClick={undo}>
        {t('grid.undoLast')}
      </Button>
    </Group>
  )
}
