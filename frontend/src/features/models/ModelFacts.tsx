/** What is known of a model for certain. */
import { Code, Paper, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelDetail } from '../../api/types'
import { Digest } from '../../ui/Digest'
import { formatDate, formatParameters } from '../../ui/format'
import { drivesQuery } from '../footage/queries'
import { ModelLink, VersionLink } from './links'
import classes from './models.module.css'

export function ModelFacts({ model }: { model: ModelDetail }) {
  const { t } = useTranslation()
  const drives = useQuery(drivesQuery)
  const labelled = drives.data?.results.filter(({ label_model }) => label_model?.id === model.id).length ?? 0
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="facts">
      <Title order={2} size="h4" mb="sm" id="facts">
        {t('models.facts')}
      </Title>
      <dl className={classes.facts}>
        <Fact name={t('models.family')}>{model.family}</Fact>
        <Fact name={t('models.parameters')}>{model.parameters !== null && formatParameters(model.parameters)}</Fact>
        <Fact name={t('models.method')}>{model.method}</Fact>
        <Fact name={t('models.parent')}>{model.parent && <ModelLink model={model.parent} />}</Fact>
        <Fact name={t('models.trainedOn')}>
          {model.dataset_version ? (
            <VersionLink version={model.dataset_version} />
          ) : (
            model.method && t('models.rendered')
          )}
        </Fact>
        <Fact name={t('models.code')}>{model.code_version && <Code>{model.code_version}</Code>}</Fact>
        <Fact name={t('models.weights')}>
          {model.sha256 ? <Digest digest={model.sha256} /> : t('models.notLoaded')}
        </Fact>
        <Fact name={t('models.added')}>{formatDate(model.created_at)}</Fact>
        <Fact name={t('shell.drives')}>{labelled > 0 && t('models.labels', { count: labelled })}</Fact>
        <Fact name={t('models.notes')}>{model.notes}</Fact>
      </dl>
    </Paper>
  )
}

/** What is not known is not listed. */
function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}
