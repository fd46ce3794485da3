/** The risk of a model's labels: as fitted on its audits, how far it means what it says, and the buttons to fit and to recompute. */
import { Alert, Badge, Button, Group, Paper, Skeleton, Text, Title } from '@mantine/core'
import { IconChartDots, IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { RiskModel } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { notifyDone } from '../../ui/notify'
import { riskModelsQuery, useFitRisk, useScoreRisk } from './queries'
import { ReliabilityDiagram } from './ReliabilityDiagram'

export function ModelRisk({ model }: { model: number }) {
  const { t } = useTranslation()
  const fits = useQuery(riskModelsQuery)
  const own = fits.data?.results.filter((fit) => fit.model_version === model) ?? []
  const shown = own.find(({ current }) => current) ?? own[0]
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="model-risk">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="model-risk">
          {t('risk.ofLabels')}
        </Title>
        <Actions model={model} />
      </Group>
      {fits.isError && <ErrorNote error={fits.error} retry={() => void fits.refetch()} />}
      {fits.isPending && <Skeleton h={120} />}
      {fits.data && !shown && (
        <Text size="sm" c="dimmed">
          {t('risk.noFit')}
        </Text>
      )}
      {shown && <Fit risk={shown} />}
    </Paper>
  )
}

function Actions({ model }: { model: number }) {
  const { t } = useTranslation()
  const mayRun = useRight('prelabel.run')
  const fit = useFitRisk()
  const score = useScoreRisk()
  if (!mayRun) return null
  const queued = { onSuccess: () => notifyDone(t('risk.queued')) }
  return (
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRefresh size={14} />}
        loading={score.isPending}
        onClick={() => score.mutate({ model }, queued)}
      >
        {t('risk.recompute')}
      </Button>
      <Button
        size="xs"
        variant="light"
        leftSection={<IconChartDots size={14} />}
        loading={fit.isPending}
        onClick={() => fit.mutate({ model }, queued)}
      >
        {t('risk.fit')}
      </Button>
      {(fit.error ?? score.error) && <ErrorNote error={fit.error ?? score.error} />}
    </Group>
  )
}

function Fit({ risk }: { risk: RiskModel }) {
  const { t } = useTranslation()
  return (
    <>
      <Group gap="xs" mb="sm">
        <Badge variant="light">{t('risk.version', { number: risk.number })}</Badge>
        <Text size="sm">{t('risk.fittedOn', { labels: risk.labels, wrong: risk.errors })}</Text>
      </Group>
      {!risk.current && (
        <Alert color="yellow" mb="sm">
          {t('risk.notUsed')}
        </Alert>
      )}
      <ReliabilityDiagram risk={risk} />
      <Text size="sm" mt="xs">
        {t('risk.ece', { ece: (risk.ece * 100).toFixed(1) })}
      </Text>
      <Text size="xs" c="dimmed">
        {t(risk.held_out_by === 'drive' ? 'risk.heldOutByDrive' : 'risk.heldOutByStretch')}
      </Text>
    </>
  )
}
