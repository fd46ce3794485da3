/** A packed network in this browser, on any frame, beside the labels that the frame has or any model of the registry. */
import { ActionIcon, Group, Modal, SegmentedControl, Select, Slider, Stack, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EdgeExport } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { drivesQuery, taxonomiesQuery } from '../footage/queries'
import { BesideChoice, LabelsPane, LookPane } from './BesidePane'
import { BoxPicture, type Shown } from './BoxPicture'
import { useDetector } from './detector'
import classes from './edge.module.css'
import { frameQuery, framesOfQuery, manifestQuery } from './queries'
import { labelsShown, readsOf } from './shown'

const STEP_KEYS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 }

export function TryDialog({ row, onClose }: { row: EdgeExport; onClose: () => void }) {
  const { t } = useTranslation()
  const [drive, setDrive] = useState<string | null>(null)
  const [place, setPlace] = useState(0)
  const [score, setScore] = useState(0.3)
  const [model, setModel] = useState<number | null>(null)
  const [precision, setPrecision] = useState<'fp32' | 'int8'>('fp32')
  const drives = useQuery(drivesQuery)
  const withFrames = (drives.data?.results ?? []).filter(({ counts }) => counts.frames > 0)
  const chosen = drive ?? (withFrames[0] ? String(withFrames[0].id) : null)
  const frames = useQuery(framesOfQuery(chosen === null ? undefined : Number(chosen)))
  const rows = frames.data?.results ?? []
  const frame = rows[Math.min(place, rows.length - 1)]?.id ?? null
  const detail = useQuery(frameQuery(frame ?? undefined))
  const taxonomies = useQuery(taxonomiesQuery)
  const manifest = useQuery(manifestQuery(row.id))
  const reads = useMemo(() => manifest.data && readsOf(manifest.data), [manifest.data])
  const seen = useDetector({ id: row.id, precision }, frame, reads)
  const names = new Map(
    taxonomies.data?.results.flatMap(({ categories }) => categories.map(({ id, name }) => [id, name])),
  )
  const found: Shown[] = seen.frame === frame ? seen.detections.filter((each) => each.score >= score) : []
  const labels = detail.data ? labelsShown(detail.data.boxes, names, score) : []
  const failed = drives.error ?? frames.error ?? detail.error ?? manifest.error
  const step = (by: number) => setPlace((now) => Math.min(rows.length - 1, Math.max(0, now + by)))
  return (
    <Modal opened onClose={onClose} size="90rem" title={t('edge.tryTitle', { name: row.model.name })}>
      <Stack
        gap="sm"
        onKeyDown={({ key, target }) => !(target instanceof HTMLInputElement) && step(STEP_KEYS[key] ?? 0)}
      >
        {failed && <ErrorNote error={failed} />}
        {seen.failed && <ErrorNote error={new Error(seen.failed)} />}
        <Group align="end" gap="lg">
          <Select
            label={t('edge.drive')}
            searchable
            allowDeselect={false}
            data={withFrames.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={chosen}
            onChange={(value) => {
              setDrive(value)
              setPlace(0)
            }}
          />
          <Group gap={4} role="group" aria-label={t('edge.frame')}>
            <ActionIcon variant="default" size="lg" aria-label={t('edge.previous')} onClick={() => step(-1)}>
              <IconChevronLeft size={16} />
            </ActionIcon>
            <Text size="sm" w={90} ta="center" style={{ fontVariantNumeric: 'tabular-nums' }}>
              {rows.length > 0 ? `${Math.min(place, rows.length - 1) + 1} / ${rows.length}` : '–'}
            </Text>
            <ActionIcon variant="default" size="lg" aria-label={t('edge.next')} onClick={() => step(1)}>
              <IconChevronRight size={16} />
            </ActionIcon>
          </Group>
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
        <div className={classes.panes}>
          <BoxPicture
            frame={frame}
            size={detail.data}
            shown={found}
            title={t('edge.here', { name: row.model.name })}
            note={edgeNote()}
          />
          {model === null ? (
            <LabelsPane frame={frame} detail={detail.data} labels={labels} />
          ) : (
            <LookPane frame={frame} detail={detail.data} model={model} score={score} />
          )}
        </div>
      </Stack>
    </Modal>
  )

  function edgeNote(): string {
    if (seen.failed) return ''
    if (!seen.ready) return t('edge.loading')
    if (frame === null) return ''
    if (seen.frame !== frame) return t('edge.looking')
    return t('edge.boxesIn', { count: found.length, ms: seen.ms.toFixed(0) })
  }
}
