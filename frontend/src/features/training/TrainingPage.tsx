/** `/training`: students are trained here from frozen versions. What is missing for that is said first. */
import { Stack, Text } from '@mantine/core'
import { IconBrain } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../ui/ButtonLink'
import { CommandLine } from '../../ui/CommandLine'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { datasetsQuery } from '../datasets/queries'

export function TrainingPage() {
  const { t } = useTranslation()
  const datasets = useQuery(datasetsQuery)
  const frozen = (datasets.data?.results ?? []).flatMap((dataset) =>
    dataset.versions.filter(({ state }) => state === 'frozen').map((version) => ({ dataset, version })),
  )[0]
  return (
    <>
      <PageHeader title={t('training.title')} lead={t('training.lead')} />
      <EmptyState
        icon={IconBrain}
        title={t(frozen ? 'training.none' : 'training.needsVersion')}
        action={<ButtonLink to="/datasets">{t(frozen ? 'training.toDatasets' : 'training.freezeFirst')}</ButtonLink>}
      >
        <Stack gap="sm">
          <Text size="sm">{t('training.text')}</Text>
          {frozen && (
            <>
              <Text size="sm">{t('training.evaluate')}</Text>
              <CommandLine
                command={`python manage.py evaluate --model bundled:gdino-nano --dataset ${frozen.version.id}`}
              />
            </>
          )}
        </Stack>
      </EmptyState>
    </>
  )
}
