/** `/models/$modelId`: where a model came from, what it can do, how good it was found, and whether it serves. */
import { Button, Grid, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChartBar, IconDownload, IconStar } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { ModelDetail } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { PageHeader } from '../../ui/PageHeader'
import { EdgeExports } from '../edge/EdgeExports'
import { EvaluateDialog } from '../evaluations/EvaluateDialog'
import { EvaluationTable } from '../evaluations/EvaluationTable'
import { ModelRisk } from '../risk/ModelRisk'
import { Lineage } from './Lineage'
import { ModelFacts } from './ModelFacts'
import { PromoteDialog } from './PromoteDialog'
import { Promotions } from './Promotions'
import { downloadUrl, modelQuery } from './queries'
import { shownRef } from './rows'
import { ServingBadge } from './ServingBadge'

/** With the parser of Markdown, which no other page needs. */
const ModelCard = lazy(() => import('./ModelCard').then((module) => ({ default: module.ModelCard })))

/** What runs on a device. */
const EDGE_FAMILY = 'yolox'

export function ModelPage() {
  const { t } = useTranslation()
  const { modelId } = useParams({ from: '/member/shell/models/$modelId' })
  const model = useQuery(modelQuery(Number(modelId)))
  if (model.isError) return <ErrorNote error={model.error} retry={() => void model.refetch()} />
  if (!model.data) return <ModelSkeleton />
  const { name, family, serving, evaluations, card } = model.data
  return (
    <>
      <PageHeader
        above={<TextLink to="/models">{t('models.title')}</TextLink>}
        title={name}
        lead={
          <Group gap="xs">
            {serving && <ServingBadge />}
            <Text size="sm" ff="monospace">
              {shownRef(model.data)}
            </Text>
          </Group>
        }
        actions={<Actions model={model.data} />}
      />
      <Stack gap="lg">
        <Lineage model={model.data} />
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Stack gap="lg">
              <Paper withBorder p="md" component="section" aria-labelledby="measured">
                <Title order={2} size="h4" mb="xs" id="measured">
                  {t('evaluations.title')}
                </Title>
                {evaluations.length > 0 ? (
                  <EvaluationTable evaluations={evaluations} />
                ) : (
                  <Text size="sm" c="dimmed">
                    {t('evaluations.noneOfModel')}
                  </Text>
                )}
              </Paper>
              <Promotions model={model.data} />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Stack gap="lg">
              <ModelFacts model={model.data} />
              <ModelRisk model={model.data.id} />
            </Stack>
          </Grid.Col>
        </Grid>
        {/* A folder's family is not known before it is opened. */}
        {(family === EDGE_FAMILY || family === '') && <EdgeExports model={model.data} />}
        <Paper withBorder p="md" component="section" aria-labelledby="card">
          <Title order={2} size="h4" id="card">
            {t('models.card')}
          </Title>
          <Suspense fallback={<Skeleton h={260} />}>
            <ModelCard card={card} />
          </Suspense>
        </Paper>
      </Stack>
    </>
  )
}

function Actions({ model }: { model: ModelDetail }) {
  const { t } = useTranslation()
  const mayWrite = useRight('model.write')
  const [evaluating, evaluate] = useDisclosure()
  const [promoting, promote] = useDisclosure()
  return (
    <>
      {model.downloadable && (
        <Button
          component="a"
          href={downloadUrl(model.id)}
          download
          variant="default"
          leftSection={<IconDownload size={16} />}
        >
          {t('models.download')}
        </Button>
      )}
      {mayWrite && !model.serving && (
        <Button variant="default" leftSection={<IconStar size={16} />} onClick={promote.open}>
          {t('models.promote')}
        </Button>
      )}
      {mayWrite && (
        <Button leftSection={<IconChartBar size={16} />} onClick={evaluate.open}>
          {t('evaluations.evaluate')}
        </Button>
      )}
      {evaluating && <EvaluateDialog model={model} onClose={evaluate.close} />}
      {promoting && <PromoteDialog model={model} onClose={promote.close} />}
    </>
  )
}

function ModelSkeleton() {
  return (
    <div aria-busy="true">
      <Skeleton h={56} w={360} mb="lg" />
      <Skeleton h={92} mb="lg" />
      <Skeleton h={260} />
    </div>
  )
}
