/** AP of every evaluation, oldest first, a table a set of data: only what was measured on the same frames can be told apart. */
import { Paper, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DayFigures } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { formatAgo, formatDifference, formatFigure } from '../../ui/format'
import { type ApStep, apSteps } from './ap'

export function ApOverTime({ points }: { points: DayFigures['ap'] }) {
  const { t } = useTranslation()
  const sets = apSteps(points)
  return (
    <section aria-labelledby="ap-over-time">
      <Title order={2} size="h4" id="ap-over-time" mb="xs">
        {t('dashboard.ap')}
      </Title>
      {sets.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('dashboard.noAp')}
        </Text>
      )}
      {sets.map(({ data, steps }) => (
        <Paper key={data} withBorder px="md" py="xs" mb="sm">
          <Text size="sm" fw={600}>
            {data}
          </Text>
          <Table verticalSpacing={4} style={{ fontVariantNumeric: 'tabular-nums' }} aria-label={data}>
            <Table.Tbody>
              {steps.map((step) => (
                <Row key={step.evaluation} step={step} />
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      ))}
    </section>
  )
}

function Row({ step: { evaluation, model, at, ap, gained } }: { step: ApStep }) {
  return (
    <Table.Tr>
      <Table.Td w="40%">
        <TextLink to="/models/evaluations/$evaluationId" params={{ evaluationId: String(evaluation) }}>
          {model}
        </TextLink>
      </Table.Td>
      <Table.Td>{formatAgo(at)}</Table.Td>
      <Table.Td ta="right">{formatFigure(ap)}</Table.Td>
      <Table.Td ta="right" w={90}>
        <Text span size="sm" c={gained === null || gained === 0 ? 'dimmed' : gained > 0 ? 'teal' : 'red'}>
          {gained === null ? '' : formatDifference(gained)}
        </Text>
      </Table.Td>
    </Table.Tr>
  )
}
