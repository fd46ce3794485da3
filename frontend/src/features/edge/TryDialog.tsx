/** A packed network in this browser, on any frame, beside the labels that the frame has or any model of the registry. */
import { Group, Modal, SegmentedControl, Skeleton, Slider, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EdgeExport } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { drivesQuery } from '../footage/queries'
import { BesideChoice } from './BesideChoice'
import classes from './edge.module.css'
import { FrameChoice, type Place, useFrameAt } from './FrameChoice'
import { frameQuery, manifestQuery } from './queries'
import { TryPanes } from './TryPanes'

/** Steps by the frame; pages everywhere, arrows where they move no caret. */
const PAGE_KEYS: Readonly<Record<string, number>> = { PageUp: -1, PageDown: 1 }
const STEP_KEYS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ...PAGE_KEYS }

export function TryDialog({ row, onClose }: { row: EdgeExport; onClose: () => void }) {
  const { t } = useTranslation()
  const [chosen, setPlace] = useState<Place>({ drive: null, at: 0 })
  const [score, setScore] = useState(0.3)
  const [model, setModel] = useState<number | null>(null)
  const [precision, setPrecision] = useState<'fp32' | 'int8'>('fp32')
  const drives = useQuery(drivesQuery)
  const withFrames = (drives.data?.results ?? []).filter(({ counts }) => counts.frames > 0)
  const place = { ...chosen, drive: chosen.drive ?? withFrames[0]?.id ?? null }
  const { frame, error } = useFrameAt(place)
  const detail = useQuery(frameQuery(frame ?? undefined))
  const manifest = useQuery(manifestQuery(row.id))
  const failed = drives.error ?? error ?? detail.error ?? manifest.error
  const frames = withFrames.find(({ id }) => id === place.drive)?.counts.frames ?? 0
  const step = (event: KeyboardEvent) => {
    const typing = event.target instanceof HTMLInputElement || (event.target as Element).role === 'slider'
    const by = (typing ? PAGE_KEYS : STEP_KEYS)[event.key]
    if (by === undefined) return
    event.preventDefault()
    setPlace({ ...place, at: Math.min(frames - 1, Math.max(0, place.at + by)) })
  }
  return (
    <Modal opened onClose={onClose} size="90rem" title={t('edge.tryTitle', { name: row.model.name })}>
      <Stack gap="sm" onKeyDownCapture={step}>
        {failed && <ErrorNote error={failed} />}
        <Group align="end" gap="lg">
          <FrameChoice drives={withFrames} place={place} onPlace={setPlace} />
          <BesideChoice model={model} choose={setModel} />
          {row.report?.int8 && (
            <SegmentedControl
              aria-label={t('edge.precision')}
              data={[
                { value: 'fp32', label: t('edge.bits', { bits: 32 }) },
                { value: 'int8', label: t('edge.bits', { bits: 8 }) },
              ]}
              value={precision}
              onChange={(value) => setPrecision(value as 'fp32' | 'int8')}
            />
          )}
          <div className={classes.score}>
            <Text size="sm" id="edge-score">
              {t('edge.fromScore', { score: score.toFixed(2) })}
            </Text>
            <Slider
              aria-labelledby="edge-score"
              thumbProps={{ 'aria-labelledby': 'edge-score' }}
              min={0.05}
              max={0.95}
              step={0.05}
              label={null}
              value={score}
              onChange={setScore}
            />
          </div>
        </Group>
        {detail.data && manifest.data ? (
          <TryPanes
            row={row}
            manifest={manifest.data}
            detail={detail.data}
            precision={precision}
            model={model}
            score={score}
          />
        ) : (
          <Skeleton style={{ aspectRatio: '32 / 9' }} />
        )}
      </Stack>
    </Modal>
  )
}
