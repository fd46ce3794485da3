/** What stands beside the network in the browser: the frame's labels, or any registered model. Who may not ask one gets no choice. */
import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import { modelsQuery } from '../models/queries'

const LABELS = 'labels'

/** `model`: the one to ask; null for the labels. */
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
