/** From the first ancestor over the data and the run that made each model to this one, and on to what came of it. */
import { Paper, Text, Title } from '@mantine/core'
import { type Icon, IconArrowRight, IconBox, IconBrain, IconDatabase, IconSchool } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LineageStep, ModelDetail } from '../../api/types'
import { datasetsQuery } from '../datasets/queries'
import classes from './models.module.css'

const PICTURES: Record<LineageStep['kind'], Icon> = {
  model: IconBox,
  run: IconBrain,
  teacher: IconSchool,
  dataset_version: IconDatabase,
}

export function Lineage({ model }: { model: ModelDetail }) {
  const { t } = useTranslation()
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="lineage">
      <Title order={2} size="h4" mb="sm" id="lineage">
        {t('models.lineage')}
      </Title>
      <ol className={classes.trail}>
        {model.lineage.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one teacher may stand in the trail twice
          <li key={`${step.kind} ${at}`}>
            {at > 0 && <Arrow />}
            <Step step={step} here={step.kind === 'model' && step.id === model.id} />
          </li>
        ))}
        {model.children.length > 0 && (
          <li>
            <Arrow />
            <ul className={classes.branches} aria-label={t('models.children')}>
              {model.children.map((child) => (
                <li key={child.id}>
                  <Step step={{ kind: 'model', ...child }} here={false} />
                </li>
              ))}
            </ul>
          </li>
        )}
      </ol>
    </Paper>
  )
}

function Arrow() {
  return <IconArrowRight size={16} aria-hidden className={classes.arrow} />
}

function Step({ step, here }: { step: LineageStep; here: boolean }) {
  const { t } = useTranslation()
  const Picture = PICTURES[step.kind]
  const shown = (
    <>
      <Picture size={18} stroke={1.6} aria-hidden />
      <span className={classes.stepText}>
        <Text span size="xs" c="dimmed">
          {here ? t('models.here') : t(`models.kind.${step.kind}`)}
        </Text>
        <Text span size="sm" fw={600} truncate title={step.name}>
          {step.name}
        </Text>
      </span>
    </>
  )
  if (here)
    return (
      <span className={classes.step} aria-current="true">
        {shown}
      </span>
    )
  return <StepLink step={step}>{shown}</StepLink>
}

function StepLink({ step, children }: { step: LineageStep; children: ReactNode }) {
  if (step.kind === 'model' || step.kind === 'teacher')
    return (
      <Link to="/models/$modelId" params={{ modelId: String(step.id) }} className={classes.step}>
        {children}
      </Link>
    )
  if (step.kind === 'dataset_version') return <VersionStep id={step.id}>{children}</VersionStep>
  return (
    <Link to="/training/$runId" params={{ runId: String(step.id) }} className={classes.step}>
      {children}
    </Link>
  )
}

/** A version lies under its dataset, which the trail does not name. */
function VersionStep({ id, children }: { id: number; children: ReactNode }) {
  const datasets = useQuery(datasetsQuery)
  const dataset = datasets.data?.results.find(({ versions }) => versions.some((version) => version.id === id))
  if (!dataset) return <span className={classes.step}>{children}</span>
  return (
    <Link
      to="/datasets/$datasetId/versions/$versionId"
      params={{ datasetId: String(dataset.id), versionId: String(id) }}
      className={classes.step}
    >
      {children}
    </Link>
  )
}
