/** Two pictures of one frame: what the network finds in this browser, and what another model finds or the labels are; above them what both have. */
import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type CSSProperties, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { apiUrl } from '../../api/client'
import type { EdgeExport, EdgeManifest, FrameDetail, Taxonomy } from '../../api/types'
import type { Camera } from '../../editor/math/camera'
import { ErrorNote } from '../../ui/ErrorNote'
import { LineSample } from '../../ui/LineSample'
import { useImage } from '../../ui/useImage'
import { taxonomiesQuery } from '../footage/queries'
import { BoxPicture } from './BoxPicture'
import { useDetector } from './detector'
import classes from './edge.module.css'
import { formatLooked } from './figures'
import { type Asked, useLook } from './looks'
import { DASHES } from './paint'
import {
  type Agreement,
  agreementOf,
  coloursOf,
  foundShown,
  labelsShown,
  looksShown,
  readsOf,
  type Shown,
} from './shown'

const WIDE = 2.2 // from this shape on two frames stand above one another
const NONE: readonly Taxonomy[] = []

interface TryPanesProps {
  row: EdgeExport
  manifest: EdgeManifest
  detail: FrameDetail
  precision: 'fp32' | 'int8'
  /** To ask on a worker; null for the frame's labels. */
  model: number | null
  score: number
}

export function TryPanes({ row, manifest, detail, precision, model, score }: TryPanesProps) {
  const { t } = useTranslation()
  const frame = detail.id
  const [camera, onCamera] = useState<Camera | null>(null)
  const image = useImage(apiUrl(`/frames/${frame}/image`))
  const taxonomies = useQuery(taxonomiesQuery).data?.results ?? NONE
  const colour = useMemo(() => coloursOf(taxonomies), [taxonomies])
  const reads = useMemo(() => readsOf(manifest), [manifest])
  const seen = useDetector({ id: row.id, precision }, frame, reads)
  const asked = useLook(frame, model)
  const here = useMemo(
    () => (seen.frame === frame ? foundShown(seen.detections, score) : null),
    [seen.frame, seen.detections, frame, score],
  )
  const beside = useMemo(
    () => besideOf(model === null, asked, detail, taxonomies, score),
    [model, asked, detail, taxonomies, score],
  )
  const agreement = useMemo(() => (here && beside ? agreementOf(here, beside) : null), [here, beside])
  const scene = { image, size: detail, colour, camera, onCamera }
  const ratio = detail.width / detail.height
  const hereNote = here ? formatLooked(t, here.length, seen.ms) : t(seen.ready ? 'edge.looking' : 'edge.loading')
  return (
    <>
      {seen.failed && <ErrorNote error={new Error(seen.failed)} />}
      <Legend agreement={agreement} labels={model === null} />
      <div
        className={classes.panes}
        data-wide={ratio > WIDE || undefined}
        style={{ '--ratio': ratio } as CSSProperties}
      >
        <BoxPicture
          {...scene}
          shown={here ?? []}
          marks={agreement?.marks[0] ?? null}
          title={t('edge.here', { name: row.model.name })}
          note={seen.failed ? '' : hereNote}
        />
        <BoxPicture
          {...scene}
          shown={beside ?? []}
          marks={agreement?.marks[1] ?? null}
          title={
            model === null
              ? t('edge.labelled', { name: detail.model?.name ?? t('edge.people') })
              : t('edge.onWorker', { name: asked.look?.model.name ?? '' })
          }
          note={
            model === null ? t('edge.boxes', { count: beside?.length ?? 0 }) : <Told asked={asked} shown={beside} />
          }
        />
      </div>
    </>
  )
}

function besideOf(
  labels: boolean,
  { look }: Asked,
  { boxes }: FrameDetail,
  taxonomies: readonly Taxonomy[],
  score: number,
): Shown[] | null {
  if (!labels) return look?.detections ? looksShown(look.detections, score) : null
  const names = taxonomies.flatMap(({ categories }) => categories.map(({ id, name }) => [id, name] as const))
  return labelsShown(boxes, new Map(names), score)
}

function Told({ asked: { look, failed, again }, shown }: { asked: Asked; shown: Shown[] | null }) {
  const { t } = useTranslation()
  if (failed)
    return (
      <>
        <Text span size="sm" c="red">
          {failed}
        </Text>{' '}
        <Button size="compact-xs" variant="default" onClick={again}>
          {t('edge.askAgain')}
        </Button>
      </>
    )
  if (shown) return formatLooked(t, shown.length, look?.milliseconds ?? 0)
  return t(look?.job?.state === 'queued' ? 'edge.waiting' : 'edge.asking')
}

/** What the lines mean, with how many there are of each. Its place is kept while one side is still looking. */
function Legend({ agreement, labels }: { agreement: Agreement | null; labels: boolean }) {
  const { t } = useTranslation()
  const count = (value: number | undefined) => ({ count: value ?? 0, number: value ?? '–' })
  const lines = [
    { dash: DASHES.kept, told: t('edge.inBoth', count(agreement?.both)) },
    { dash: DASHES.changed, told: t('edge.renamed', count(agreement?.renamed)) },
    { dash: DASHES.alone, told: t('edge.onlyHere', count(agreement?.here)) },
    { dash: DASHES.alone, told: t(labels ? 'edge.onlyLabelled' : 'edge.onlyBeside', count(agreement?.beside)) },
  ]
  return (
    <Group gap="lg" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
      {lines.map(({ dash, told }) => (
        <Group key={told} gap={6}>
          <LineSample look={{ colour: '#fff', width: 2, dash }} />
          <Text size="sm">{told}</Text>
        </Group>
      ))}
      <Text size="sm">{t('edge.sameObject')}</Text>
    </Group>
  )
}
