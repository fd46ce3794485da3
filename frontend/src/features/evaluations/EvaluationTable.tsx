/** Evaluations with their figures; one that runs shows how far it is. */
import { Checkbox, Progress, Table, Text, Tooltip, VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Evaluation } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { formatAgo, formatFigure } from '../../ui/format'
import { JobStateBadge } from '../jobs/JobStateBadge'
import { progressOf } from '../jobs/polling'
import { ModelLink } from '../models/links'
import { isRunning } from './queries'
import { dataTitle } from './titles'

const SHOWN = ['AP', 'AP50', 'APs', 'AR'] as const

interface Choice {
  chosen: ReadonlySet<number>
  onChoose: (id: number, chosen: boolean) => void
}

interface EvaluationTableProps {
  evaluations: Evaluation[]
  /** With the model's name, and boxes to choose by, where several models are listed. */
  choice?: Choice
}

export function EvaluationTable({ evaluations, choice }: EvaluationTableProps) {
  const { t } = useTranslation()
  return (
    <Table.ScrollContainer type="native" minWidth={choice ? 760 : 480}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {choice && (
              <>
                <Table.Th w={40}>
                  <VisuallyHidden>{t('evaluations.compare')}</VisuallyHidden>
                </Table.Th>
                <Table.Th>{t('evaluations.model')}</Table.Th>
              </>
            )}
            <Table.Th>{t('evaluations.data')}</Table.Th>
            {SHOWN.map((name) => (
              <Table.Th key={name} ta="right">
                {name}
              </Table.Th>
            ))}
            <Table.Th>{t('evaluations.when')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {evaluations.map((evaluation) => (
            <Row key={evaluation.id} evaluation={evaluation} choice={choice} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Row({ evaluation, choice }: { evaluation: Evaluation; choice?: Choice }) {
  const { t } = useTranslation()
  const { id, model, figures, created_at } = evaluation
  return (
    <Table.Tr>
      {choice && (
        <>
          <Table.Td>
            <Checkbox
              size="xs"
              aria-label={t('evaluations.choose', { id, name: model.name })}
              checked={choice.chosen.has(id)}
              disabled={figures === null}
              onChange={({ currentTarget }) => choice.onChoose(id, currentTarget.checked)}
            />
          </Table.Td>
          <Table.Td>
            <ModelLink model={model} />
          </Table.Td>
        </>
      )}
      <Table.Td>
        <TextLink to="/models/evaluations/$evaluationId" params={{ evaluationId: String(id) }} fw={600} fz="sm">
          {dataTitle(evaluation, t('evaluations.everySplit'))}
        </TextLink>
      </Table.Td>
      {figures ? (
        SHOWN.map((name) => (
          <Table.Td key={name} ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
            {formatFigure(figures[name])}
          </Table.Td>
        ))
      ) : (
        <Table.Td colSpan={SHOWN.length}>
          <State evaluation={evaluation} />
        </Table.Td>
      )}
      <Table.Td>{formatAgo(created_at)}</Table.Td>
    </Table.Tr>
  )
}

function State({ evaluation }: { evaluation: Evaluation }) {
  const { job } = evaluation
  if (!job)
    return (
      <Text size="sm" c="dimmed">
        –
      </Text>
    )
  if (!isRunning(evaluation))
    return (
      <Tooltip label={job.error?.detail} disabled={!job.error}>
        <span>
          <JobStateBadge job={job} />
        </span>
      </Tooltip>
    )
  return <Progress value={(progressOf(job) ?? 0) * 100} size="sm" aria-label={job.title} />
}
