/** Ways to a model and to a frozen version, by their names. */
import type { ModelVersion } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { versionTitle } from './rows'

export function ModelLink({ model }: { model: { id: number; name: string } }) {
  return (
    <TextLink to="/models/$modelId" params={{ modelId: String(model.id) }} fz="sm">
      {model.name}
    </TextLink>
  )
}

export function VersionLink({ version }: { version: NonNullable<ModelVersion['dataset_version']> }) {
  return (
    <TextLink
      to="/datasets/$datasetId/versions/$versionId"
      params={{ datasetId: String(version.dataset.id), versionId: String(version.id) }}
      fz="sm"
    >
      {versionTitle(version)}
    </TextLink>
  )
}
