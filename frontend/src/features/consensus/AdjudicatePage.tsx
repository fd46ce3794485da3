/** `/audit/adjudicate`: what two people left differently, side by side, settled by one key. For leads. */
import { Button, Group, Kbd, SimpleGrid, Skeleton, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconArrowsSplit2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { apiUrl } from '../../api/client'
import type { Disagreement, OpinionVerdict } from '../../api/types'
import type { Camera } from '../../editor/math/camera'
import { TextLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { notifyError } from '../../ui/notify'
import { PageHeader } from '../../ui/PageHeader'
import { useImage } from '../../ui/useImage'
import { OpinionStage } from './OpinionStage'
import { placeIn, placeOf, SIDES } from './opinions'
import { disagreementsQuery, useSettle } from './queries'

export function AdjudicatePage() {
  const { t } = useTranslation()
  const found = useQuery(disagreementsQuery)
  const [at, setAt] = useState(0)
  const verdicts = useVerdicts(setAt)
  const rows = found.data?.results ?? []
  const place = placeIn(rows, at)
  const row = rows[place]
  const step = (by: 1 | -1) => setAt(placeIn(rows, place + by))
  useHotkeys([
    ['ArrowRight', () => step(1)],
    ['ArrowLeft', () => step(-1)],
    ['1', () => row && verdicts.give(row, 'first', place)],
    ['2', () => row && verdicts.give(row, 'second', place)],
    ['E', () => row && verdicts.give(row, 'edited', place)],
    ['mod+Z', () => verdicts.undo()],
  ])
  return (
    <>
      <PageHeader
        title={t('consensus.title')}
        lead={t('consensus.lead')}
        above={<TextLink to="/audit/team">{t('team.title')}</TextLink>}
      />
      {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Skeleton h={420} />}
      {found.data && !row && (
        <EmptyState icon={IconArrowsSplit2} title={t('consensus.none')}>
          {t('consensus.noneText')}
        </EmptyState>
      )}
      {row && <Opinions key={row.id} row={row} at={place} of={rows.length} />}
      {(row || verdicts.mayUndo) && (
        <Group gap="xs" mt="md">
          {row && (
            <>
              <Deed keys="1" text={t('consensus.takeFirst')} run={() => verdicts.give(row, 'first', place)} />
              <Deed keys="2" text={t('consensus.takeSecond')} run={() => verdicts.give(row, 'second', place)} />
              <Deed keys="E" text={t('consensus.edit')} run={() => verdicts.give(row, 'edited', place)} />
              <Deed keys="←" text={t('consensus.previous')} run={() => step(-1)} />
              <Deed keys="→" text={t('consensus.next')} run={() => step(1)} />
            </>
          )}
          <Deed keys="Ctrl+Z" text={t('consensus.undo')} run={verdicts.undo} disabled={!verdicts.mayUndo} />
        </Group>
      )}
      <Text size="sm" mt="xs" mih={22} component="output" display="block" aria-live="polite">
        {verdicts.said}
      </Text>
    </>
  )
}

function Opinions({ row, at, of }: { row: Disagreement; at: number; of: number }) {
  const { t } = useTranslation()
  const image = useImage(apiUrl(`/frames/${row.frame.id}/image`))
  const [camera, setCamera] = useState<Camera | null>(null)
  const [whole, setWhole] = useState(false)
  const focus = useMemo(() => (whole ? null : placeOf(row)), [whole, row])
  const look = () => {
    setCamera(null)
    setWhole(!whole)
  }
  useHotkeys([['Home', look]])
  return (
    <>
      <Group gap="sm" mb="xs">
        <Text fw={600}>{t(`consensus.kind.${row.kind}`, { iou: row.iou?.toFixed(2) })}</Text>
        <Text size="sm" c="dimmed">
          {t('consensus.at', { at: at + 1, of })} · {row.drive.name}, {row.frame.name}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          aria-pressed={whole}
          aria-keyshortcuts="Home"
          onClick={look}
          ml="auto"
        >
          {t('consensus.wider')}&nbsp;<Kbd size="xs">Home</Kbd>
        </Button>
      </Group>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {SIDES.map((side) => (
          <OpinionStage
            key={side}
            row={row}
            side={side}
            image={image}
            camera={camera}
            focus={focus}
            onCamera={setCamera}
          />
        ))}
      </SimpleGrid>
    </>
  )
}

interface DeedProps {
  keys: string
  text: string
  run: () => void
  disabled?: boolean
}

function Deed({ keys, text, run, disabled = false }: DeedProps) {
  const spoken = { '←': 'ArrowLeft', '→': 'ArrowRight', 'Ctrl+Z': 'Control+Z' }[keys] ?? keys
  return (
    <Button size="xs" variant="default" aria-keyshortcuts={spoken} disabled={disabled} onClick={run}>
      {text}&nbsp;<Kbd size="xs">{keys}</Kbd>
    </Button>
  )
}

/** Verdicts of this sitting, the last of which is taken back first. What is mended at the desk leads there. */
function useVerdicts(goTo: (place: number) => void) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const settle = useSettle()
  const [given, setGiven] = useState<readonly { id: number; place: number }[]>([])
  const [said, setSaid] = useState('')
  const give = (row: Disagreement, verdict: OpinionVerdict, place: number) => {
    if (settle.isPending) return
    settle.mutate(
      { id: row.id, verdict },
      {
        onSuccess: () => {
          setGiven([...given, { id: row.id, place }])
          setSaid(t(`consensus.settled.${verdict}`))
          if (verdict === 'edited') void navigate({ to: '/audit/desk', search: { frame: row.frame.id } })
        },
        onError: notifyError,
      },
    )
  }
  const undo = () => {
    const last = given.at(-1)
    if (!last || settle.isPending) return
    settle.mutate(
      { id: last.id, verdict: null },
      {
        onSuccess: () => {
          setGiven(given.slice(0, -1))
          setSaid(t('consensus.undone'))
          goTo(last.place)
        },
        onError: notifyError,
      },
    )
  }
  return { give, undo, said, mayUndo: given.length > 0 }
}
