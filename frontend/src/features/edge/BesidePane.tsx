/** What stands beside the network in the browser: the frame's labels, or what any registered model finds when a worker asks it. */
import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { FrameDetail } from '../../api/types'
import { modelsQuery } from '../models/queries'
import { BoxPicture, type Shown } from './BoxPicture'
import { useLook } from './looks'
import { looksShown } from './shown'

const LABELS = 'labels'

/** `model`: the one to ask; null for the labels. Who may not ask gets no choice. */
export function BesideChoice({ model, choose }: { model: number | null; choose: (model: number | null) => void }) {
  const { t } = useTranslation()
  const mayAsk = useRight('prelabel.run')
  const models = useQuery({ ...modelsQuery, enabled: mayAsk })
  if (!mayAsk) return null
  return (
    <Select
      label={t('edge.beside')}
      searchable
      allowDeselect={false}
      data={[
        { value: LABELS, label: t('edge.besideLabels') },
        ...(models.data?.results ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
      ]}
      value={model === null ? LABELS : String(model)}
      onChange={(value) => choose(value === null || value === LABELS ? null : Number(value))}
    />
  )
}

interface LabelsPaneProps {
  frame: number | null
  detail: FrameDetail | undefined
  labels: readonly Shown[]
}

export function LabelsPane({ frame, detail, labels }: LabelsPaneProps) {
  const { t } = useTranslation()
  const title = t('edge.labelled', { name: detail?.model?.name ?? t('edge.people') })
  const note = t('edge.boxes', { count: labels.length })
  return <BoxPicture frame={frame} size={detail} shown={labels} title={title} note={note} />
}

interface LookPaneProps {
  frame: number | null
  detail: FrameDetail | undefined
  model: number
  score: number
}

export function LookPane({ frame, detail, model, score }: LookPaneProps) {
  const { t } = useTranslation()
  const { look, failed } = useLook(frame, model)
  const found = look?.detections ? looksShown(look.detections, score) : []
  const told = look?.detections
    ? t('edge.boxesIn', { count: found.length, ms: (look.milliseconds ?? 0).toFixed(0) })
    : t('edge.asking')
  const title = t('edge.onWorker', { name: look?.model.name ?? '' })
  return <BoxPicture frame={frame} size={detail} shown={found} title={title} note={failed || told} />
}
