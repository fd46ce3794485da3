/** Where a slice goes: to the desk as a queue, into a new version, or into an evaluation. */
import { Button, Menu, Modal, Select, Stack, Text } from '@mantine/core'
import { IconBrain, IconChecklist, IconDatabase, IconSend } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Dataset, ModelVersion, Slice } from '../../api/types'
import { datasetsQuery } from '../datasets/queries'
import { VersionDialog } from '../datasets/VersionDialog'
import { EvaluateDialog } from '../evaluations/EvaluateDialog'
import { modelsQuery } from '../models/queries'
import { sliceQuery } from './queries'

type Aim = 'dataset' | 'evaluation'

export function SendSlice({ slice }: { slice: Slice }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [aim, setAim] = useState<Aim | null>(null)
  const mayAudit = useRight('audit.write')
  const mayCut = useRight('dataset.write')
  const mayEvaluate = useRight('model.write')
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button leftSection={<IconSend size={16} />}>{t('explore.send')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconChecklist size={16} />}
            disabled={!mayAudit}
            onClick={() => void navigate({ to: '/audit/desk', search: { slice: slice.id } })}
          >
            {t('explore.toAudit')}
          </Menu.Item>
          <Menu.Item leftSection={<IconDatabase size={16} />} disabled={!mayCut} onClick={() => setAim('dataset')}>
            {t('explore.toDataset')}
          </Menu.Item>
          <Menu.Item leftSection={<IconBrain size={16} />} disabled={!mayEvaluate} onClick={() => setAim('evaluation')}>
            {t('explore.toEvaluation')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {aim === 'dataset' && <ToDataset slice={slice} onClose={() => setAim(null)} />}
      {aim === 'evaluation' && <ToEvaluation slice={slice} onClose={() => setAim(null)} />}
    </>
  )
}

interface SendProps {
  slice: Slice
  onClose: () => void
}

/** First which dataset, then the dialog of its page with the drives of the slice. */
function ToDataset({ slice, onClose }: SendProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const datasets = useQuery(datasetsQuery)
  const detail = useQuery(sliceQuery(slice.id))
  const [dataset, setDataset] = useState<Dataset | null>(null)
  const found = datasets.data?.results ?? []
  if (dataset && detail.data)
    return (
      <VersionDialog
        dataset={dataset}
        slice={detail.data}
        onClose={onClose}
        onFrozen={({ id }) =>
          void navigate({
            to: '/datasets/$datasetId/versions/$versionId',
            params: { datasetId: String(dataset.id), versionId: String(id) },
          })
        }
      />
    )
  return (
    <Choose
      title={t('explore.toDataset')}
      text={t('explore.toDatasetText', { name: slice.name })}
      label={t('explore.dataset')}
      nothing={t('explore.noDatasets')}
      found={found}
      chosen={dataset}
      onChoose={setDataset}
      onClose={onClose}
    />
  )
}

function ToEvaluation({ slice, onClose }: SendProps) {
  const { t } = useTranslation()
  const models = useQuery(modelsQuery)
  const [model, setModel] = useState<ModelVersion | null>(null)
  const found = models.data?.results ?? []
  if (model) return <EvaluateDialog model={model} slice={slice} onClose={onClose} />
  return (
    <Choose
      title={t('explore.toEvaluation')}
      text={t('explore.toEvaluationText', { name: slice.name })}
      label={t('explore.model')}
      found={found}
      chosen={model}
      onChoose={setModel}
      onClose={onClose}
    />
  )
}

interface ChooseProps<Row> {
  title: string
  text: string
  label: string
  nothing?: string
  found: readonly Row[]
  chosen: Row | null
  onChoose: (row: Row | null) => void
  onClose: () => void
}

/** The first step of both: where to. */
function Choose<Row extends { id: number; name: string }>(props: ChooseProps<Row>) {
  const { title, text, label, nothing, found, chosen, onChoose, onClose } = props
  return (
    <Modal opened onClose={onClose} title={title}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {text}
        </Text>
        <Select
          label={label}
          searchable
          data-autofocus
          data={found.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={chosen ? String(chosen.id) : null}
          onChange={(value) => onChoose(found.find(({ id }) => String(id) === value) ?? null)}
          nothingFoundMessage={nothing}
        />
      </Stack>
    </Modal>
  )
}
