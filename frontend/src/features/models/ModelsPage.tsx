/** `/models`: the weights this workspace labels with, how good each was found, and which one serves. */
import { Button, Skeleton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBox, IconChartBar, IconChartDots, IconCpu, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import { ButtonLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { PageHeader } from '../../ui/PageHeader'
import { evaluationsQuery } from '../evaluations/queries'
import { ModelDialog } from './ModelDialog'
import { ModelTable } from './ModelTable'
import { modelsQuery } from './queries'
import { modelRows } from './rows'

export function ModelsPage() {
  const { t } = useTranslation()
  const models = useQuery(modelsQuery)
  const evaluations = useQuery(evaluationsQuery)
  const mayWrite = useRight('model.write')
  const [adding, { open, close }] = useDisclosure()
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={open} disabled={!mayWrite}>
      {t('models.add')}
    </Button>
  )
  const actions = (
    <>
      <ButtonLink to="/models/risk" variant="default" leftSection={<IconChartDots size={16} />}>
        {t('risk.title')}
      </ButtonLink>
      <ButtonLink to="/models/evaluations" variant="default" leftSection={<IconChartBar size={16} />}>
        {t('evaluations.title')}
      </ButtonLink>
      <ButtonLink to="/models/edge" variant="default" leftSection={<IconCpu size={16} />}>
        {t('edge.all')}
      </ButtonLink>
      {add}
    </>
  )
  const failed = models.error ?? evaluations.error
  return (
    <>
      <PageHeader title={t('models.title')} lead={t('models.lead')} actions={actions} />
      {failed && <ErrorNote error={failed} retry={() => void Promise.all([models.refetch(), evaluations.refetch()])} />}
      {!failed && !(models.data && evaluations.data) && <Skeleton h={240} />}
      {models.data?.results.length === 0 && (
        <EmptyState icon={IconBox} title={t('models.none')} action={mayWrite && add}>
          {t('models.noneText')}
        </EmptyState>
      )}
      {models.data && evaluations.data && models.data.results.length > 0 && (
        <ModelTable rows={modelRows(models.data.results, evaluations.data.results)} />
      )}
      {adding && <ModelDialog onClose={close} />}
    </>
  )
}
