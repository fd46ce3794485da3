/** `/drives/$driveId/imports/$importId`: look into a file of labels, map its categories, try it, bring it in. */
import { Alert, Button, Group, Paper, SegmentedControl, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { IconFileImport, IconFlask, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Category, Drive, LabelImport } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatCount } from '../../ui/format'
import { notifyDone } from '../../ui/notify'
import { PageHeader } from '../../ui/PageHeader'
import { driveQuery, taxonomiesQuery } from '../footage/queries'
import { JobCard } from '../jobs/JobCard'
import { ImportPreview } from './ImportPreview'
import { ImportReport, Problems } from './ImportReport'
import { ImportStateBadge } from './ImportStateBadge'
import { MappingTable } from './MappingTable'
import { firstMapping, unmapped } from './mapping'
import { formatsQuery, importQuery, isBusy, useDiscardImport, useRunImport, useSurvey } from './queries'

export function ImportPage() {
  const { importId, driveId } = useParams({ from: '/member/shell/drives/$driveId/imports/$importId' })
  const one = useQuery(importQuery(Number(importId)))
  const drive = useQuery(driveQuery(Number(driveId)))
  const taxonomies = useQuery(taxonomiesQuery)
  if (one.isError) return <ErrorNote error={one.error} retry={() => void one.refetch()} />
  if (!one.data || !drive.data || !taxonomies.data) return <Skeleton h={320} />
  const taxonomy = taxonomies.data.results.find(({ id }) => id === drive.data.taxonomy.id)
  return <Import one={one.data} drive={drive.data} categories={taxonomy?.categories ?? []} />
}

interface ImportProps {
  one: LabelImport
  drive: Drive
  categories: Category[]
}

function Import({ one, drive, categories }: ImportProps) {
  const { t } = useTranslation()
  const lead = one.survey && (
    <Text size="sm">
      {t('exchange.found', {
        frames: formatCount(one.survey.frames),
        boxes: formatCount(one.survey.boxes),
        scored: formatCount(one.survey.scored),
        pictures: formatCount(one.survey.pictures),
      })}
    </Text>
  )
  return (
    <>
      <PageHeader
        above={
          <TextLink to="/drives/$driveId" params={{ driveId: String(drive.id) }}>
            {drive.name}
          </TextLink>
        }
        title={one.filename}
        lead={lead}
        actions={<ImportStateBadge state={one.state} />}
      />
      <Stack gap="lg">
        {one.job && (isBusy(one) || one.state === 'failed') && <JobCard job={one.job} />}
        {one.state === 'failed' && (
          <Alert color="yellow" variant="light">
            {t('exchange.failedHint')}
          </Alert>
        )}
        <ImportReport one={one} />
        {one.state !== 'imported' && <FormatChoice one={one} />}
        {one.survey && <Orders key={one.format} one={one} categories={categories} />}
      </Stack>
    </>
  )
}

function FormatChoice({ one }: { one: LabelImport }) {
  const { t } = useTranslation()
  const formats = useQuery(formatsQuery)
  const survey = useSurvey(one.id)
  const mayImport = useRight('footage.write')
  const choices = (formats.data?.results ?? [])
    .filter(({ reads }) => reads)
    .map(({ name, title }) => ({
      value: name,
      label: one.formats.includes(name) ? `${title} (${t('exchange.unsure')})` : title,
    }))
  return (
    <>
      {survey.error && <ErrorNote error={survey.error} />}
      <Select
        label={t('exchange.format')}
        data={choices}
        value={one.format || null}
        maw={320}
        disabled={!mayImport || isBusy(one)}
        onChange={(format) => format && format !== one.format && survey.mutate(format)}
      />
    </>
  )
}

function Orders({ one, categories }: Omit<ImportProps, 'drive'>) {
  const { t } = useTranslation()
  const mayImport = useRight('footage.write')
  const [mapping, setMapping] = useState(() => firstMapping(one))
  const [labelsAre, setLabelsAre] = useState(one.labels_are)
  const [model, setModel] = useState(one.model_name)
  const run = useRunImport(one.id)
  const survey = one.survey
  if (!survey) return null
  const missing = unmapped(survey.categories, mapping)
  const idle = mayImport && !isBusy(one) && one.state !== 'imported'
  const nameless = labelsAre === 'prelabels' && model.trim() === ''
  const order = (dry_run: boolean) => run.mutate({ mapping, labels_are: labelsAre, model_name: model, dry_run })
  return (
    <>
      {one.state !== 'imported' && survey.problem_count > 0 && !one.report && (
        <Paper withBorder p="md">
          <Problems count={survey.problem_count} shown={survey.problems} />
        </Paper>
      )}
      <MappingTable
        rows={survey.categories}
        mapping={mapping}
        categories={categories}
        disabled={!idle}
        onChange={setMapping}
      />
      {one.state !== 'imported' && (
        <Paper withBorder p="md">
          <Stack gap="sm">
            {run.error && <ErrorNote error={run.error} />}
            <div>
              <Text size="sm" fw={600} mb={4}>
                {t('exchange.labelsAre')}
              </Text>
              <SegmentedControl
                size="xs"
                aria-label={t('exchange.labelsAre')}
                value={labelsAre}
                disabled={!idle}
                onChange={(value) => setLabelsAre(value as LabelImport['labels_are'])}
                data={(['truth', 'prelabels'] as const).map((value) => ({ value, label: t(`exchange.${value}`) }))}
              />
              <Text size="xs" c="dimmed" mt={4}>
                {t(`exchange.${labelsAre}Help`)}
              </Text>
            </div>
            {labelsAre === 'prelabels' && (
              <TextInput
                label={t('exchange.modelName')}
                maw={320}
                required
                value={model}
                disabled={!idle}
                onChange={(event) => setModel(event.currentTarget.value)}
              />
            )}
            {missing.length > 0 && (
              <Text size="sm" c="dimmed">
                {t('exchange.unmapped', { names: missing.join(', ') })}
              </Text>
            )}
            <Group gap="sm">
              <Button
                variant="default"
                leftSection={<IconFlask size={16} />}
                disabled={!idle || missing.length > 0 || nameless}
                onClick={() => order(true)}
              >
                {t('exchange.tryIt')}
              </Button>
              <Button
                leftSection={<IconFileImport size={16} />}
                disabled={!idle || missing.length > 0 || nameless}
                onClick={() => order(false)}
              >
                {t('exchange.run')}
              </Button>
              <Discard one={one} />
            </Group>
          </Stack>
        </Paper>
      )}
      <ImportPreview one={one} mapping={mapping} categories={categories} />
    </>
  )
}

function Discard({ one }: { one: LabelImport }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const discard = useDiscardImport(one.id)
  const mayImport = useRight('footage.write')
  const leave = () => {
    notifyDone(t('exchange.discarded'))
    void navigate({ to: '/drives/$driveId', params: { driveId: String(one.drive) } })
  }
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        leftSection={<IconTrash size={16} />}
        disabled={!mayImport || isBusy(one)}
        loading={discard.isPending}
        onClick={() => discard.mutate(undefined, { onSuccess: leave })}
      >
        {t('exchange.discard')}
      </Button>
      {discard.error && <ErrorNote error={discard.error} />}
    </>
  )
}
