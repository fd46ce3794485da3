/** `/audit/grid?drive=&category=`: the riskiest crops of one category, decided by keyboard. */

import { Alert, Button, Group, Select, Skeleton, Text } from '@mantine/core'
import { IconLayoutGrid } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useMe } from '../../../api/me'
import { isOpen, type LabelCategory } from '../../../editor/scene/label'
import { ButtonLink, TextLink } from '../../../ui/ButtonLink'
import { EmptyState } from '../../../ui/EmptyState'
import { ErrorNote } from '../../../ui/ErrorNote'
import { PageHeader } from '../../../ui/PageHeader'
import { CategoryFilter } from '../CategoryFilter'
import { SavePhase } from '../components/SaveState'
import { useKeysOfPerson } from '../keys/useKeys'
import { MissedEstimate } from '../missed/MissedEstimate'
import { Surroundings } from '../missed/Surroundings'
import { openJournal, ownerOf } from '../saving/journal'
import { DeskApi } from '../session/deskApi'
import { CropDetail } from './CropDetail'
import { CropGrid } from './CropGrid'
import { GridHints } from './GridHints'
import { type Earlier, GridSession } from './GridSession'
import type { Deed } from './keys'

const api = new DeskApi()

interface GridQuery {
  readonly drive: number | null
  readonly category: number | null
  /** Candidates of missed objects, of the category or of all. */
  readonly missed: boolean
}

export function GridPage({ drive, category, missed }: GridQuery) {
  const { t } = useTranslation()
  const session = useGrid()
  const keysKnown = useKeysOfPerson()
  return (
    <>
      <PageHeader
        title={t(missed ? 'missed.title' : 'grid.title')}
        lead={t(missed ? 'missed.lead' : 'grid.lead')}
        above={<TextLink to="/audit">{t('audit.title')}</TextLink>}
        actions={<Filters drive={drive} category={category} missed={missed} />}
      />
      {missed && drive !== null && <MissedEstimate drive={drive} />}
      {category === null && !missed ? (
        <EmptyState icon={IconLayoutGrid} title={t('grid.choose')}>
          {t('grid.chooseText')}
        </EmptyState>
      ) : session && keysKnown ? (
        <Crops
          key={`${drive}/${category}/${missed}`}
          session={session}
          drive={drive}
          category={category}
          missed={missed}
        />
      ) : (
        <Skeleton h={320} />
      )}
    </>
  )
}

/** One sitting for as long as the page is open: undo reaches over its filters. */
function useGrid(): GridSession | null {
  const me = useMe()
  const owner = me && ownerOf(me)
  const [session, setSession] = useState<GridSession | null>(null)
  useEffect(() => {
    if (owner === undefined) return
    const opened = new GridSession(api, openJournal(), owner)
    void opened.start().then(() => setSession(opened))
    return () => {
      opened.close()
      setSession(null)
    }
  }, [owner])
  return session
}

function Filters({ drive, category, missed }: GridQuery) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const summary = useQuery({ queryKey: ['audit', 'summary', null], queryFn: () => api.summary(null) })
  const go = (query: GridQuery): void =>
    void navigate({
      to: '/audit/grid',
      search: {
        drive: query.drive ?? undefined,
        category: query.category ?? undefined,
        missed: query.missed || undefined,
      },
    })
  return (
    <>
      <Select
        aria-label={t('grid.drive')}
        placeholder={t('grid.anyDrive')}
        clearable
        searchable
        data={(summary.data?.drives ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
        value={drive === null ? null : String(drive)}
        onChange={(chosen) => go({ drive: chosen === null ? null : Number(chosen), category, missed })}
      />
      <CategoryFilter
        label={t('grid.category')}
        placeholder={t('grid.choose')}
        value={category}
        onChange={(chosen) => go({ drive, category: chosen, missed })}
      />
    </>
  )
}

function Crops({ session, drive, category, missed }: GridQuery & { session: GridSession }) {
  const { t } = useTranslation()
  const taxonomies = useQuery({ queryKey: ['audit', 'taxonomies'], queryFn: () => api.taxonomies() })
  // Only when asked: a list that changed by itself would move crops under the person's keys.
  const found = useQuery({
    queryKey: ['audit', 'crops', category, drive, missed],
    queryFn: () => api.crops(category, drive, missed),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnReconnect: false,
  })
  const { crops } = useStore(session.store)
  useEffect(() => session.show(found.data ?? []), [session, found.data])
  const first = crops[0] ?? found.data?.[0]
  const categories = categoriesWith(category ?? first?.box.category ?? null, taxonomies.data ?? [])
  const saying = (deed: Deed | Earlier): string => {
    if (deed.kind === 'moved' || deed.kind === 'earlier') return ''
    if ('count' in deed) return t(`grid.said.${deed.kind}`, { count: deed.count })
    if (deed.kind !== 'relabelled') return t(`grid.said.${deed.kind}`)
    return t('grid.said.relabelled', { category: categories.find(({ id }) => id === deed.category)?.name ?? '' })
  }
  const say = (deed: Deed): void => {
    session.say(saying(deed))
    if (deed.kind === 'earlier') void session.undoEarlier().then((came) => session.say(saying(came)))
  }
  const next = (): void => void session.outbox.flush().then(() => found.refetch())
  if (found.isError) return <ErrorNote error={found.error} retry={() => void found.refetch()} />
  if (found.isPending || (first && categories.length === 0)) return <Skeleton h={320} />
  const undo = (): void => say(session.undo() ? { kind: 'undone' } : { kind: 'earlier' })
  if (!first) return <NothingWaits session={session} missed={missed} undo={undo} />
  const name = categories.find(({ id }) => id === category)?.name ?? ''
  return (
    <>
      <Elsewhere session={session} />
      <Progress session={session} undo={undo} next={next} loading={found.isFetching} />
      <CropDetail session={session} categories={categories} />
      {missed && <Surroundings session={session} api={api} categories={categories} />}
      {crops.length > 0 && (
        <CropGrid
          session={session}
          api={api}
          categories={categories}
          label={missed ? t('missed.crops') : t('grid.crops', { category: name })}
          onDeed={say}
        />
      )}
      <GridHints categories={categories} />
    </>
  )
}

interface NothingWaitsProps {
  readonly session: GridSession
  readonly missed: boolean
  undo(): void
}

/** Also after a reload there is something to take back: no grid has the keyboard here, so a button does it. */
function NothingWaits({ session, missed, undo }: NothingWaitsProps) {
  const { t } = useTranslation()
  const { said } = useStore(session.store)
  return (
    <EmptyState
      icon={IconLayoutGrid}
      title={t(missed ? 'missed.empty' : 'grid.empty')}
      action={
        <Group justify="center">
          <Button variant="default" onClick={undo}>
            {t('grid.undoLast')}
          </Button>
          <ButtonLink to="/audit">{t('audit.back')}</ButtonLink>
        </Group>
      }
    >
      {t(missed ? 'missed.emptyText' : 'grid.emptyText')}
      <div aria-live="polite" data-testid="said">
        {said}
      </div>
    </EmptyState>
  )
}

interface ProgressProps {
  readonly session: GridSession
  undo(): void
  next(): void
  readonly loading: boolean
}

function Progress({ session, undo, next, loading }: ProgressProps) {
  const { t } = useTranslation()
  const { crops, said } = useStore(session.store)
  const { phase, waiting, journalled } = useStore(session.outbox.store)
  const decided = crops.filter((crop) => !isOpen(session.boxOf(crop))).length
  return (
    <Group mb="xs" h={30} wrap="nowrap">
      <Text size="sm" style={{ fontVariantNumeric: 'tabular-nums' }} data-testid="grid-progress">
        {t('grid.progress', { decided, count: crops.length })}
      </Text>
      <SavePhase phase={phase} waiting={waiting} journalled={journalled} />
      <Text size="sm" c="dimmed" aria-live="polite" data-testid="said">
        {said}
      </Text>
      <Button ml="auto" size="compact-sm" variant="subtle" onClick={undo}>
        {t('grid.undoLast')}
      </Button>
      <Button size="compact-sm" variant="default" onClick={next} loading={loading}>
        {t('grid.next')}
      </Button>
    </Group>
  )
}

/** Conflicts of an earlier sitting that no crop here shows: the desk settles them. */
function Elsewhere({ session }: { session: GridSession }) {
  const { t } = useTranslation()
  const { frames } = useStore(session.store)
  const { conflicts } = useStore(session.outbox.store)
  const away = conflicts.filter(({ frame }) => !frames.has(frame))
  if (away.length === 0) return null
  return (
    <Alert color="orange" mb="xs">
      {t('grid.elsewhere', { count: away.length })}{' '}
      <TextLink to="/audit/desk" search={{ frame: away[0]?.frame }}>
        {t('grid.desk')}
      </TextLink>
    </Alert>
  )
}

const categoriesWith = (
  category: number | null,
  taxonomies: readonly { readonly categories: readonly LabelCategory[] }[],
): readonly LabelCategory[] =>
  taxonomies.find(({ categories }) => categories.some(({ id }) => id === category))?.categories ?? []
