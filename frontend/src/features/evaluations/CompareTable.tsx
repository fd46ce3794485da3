/** One column an evaluation, one row a figure: the value, and its difference from the first column's. */
import { Button, Paper, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { FIGURES } from '../../api/report'
import type { Evaluation } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { formatDifference, formatFigure } from '../../ui/format'
import { ModelLink } from '../models/links'
import { difference } from './compare'
import { Interval } from './Interval'

interface CompareTableProps {
  evaluations: Evaluation[]
  /** Whether all are of the same data. */
  comparable: boolean
  onBase: (id: number) => void
}

export function CompareTable({ evaluations, comparable, onBase }: CompareTableProps) {
  const { t } = useTranslation()
  const base = evaluations[0]
  return (
    <Paper withBorder p="md">
      <Table.ScrollContainer type="native" minWidth={200 + evaluations.length * 190}>
        <Table layout="fixed" style={{ fontVariantNumeric: 'tabular-nums' }}>
          <Table.Thead>
            <Table.Tr>
              <Table.Td w={200} />
              {evaluations.map((evaluation) => (
                <Table.Th key={evaluation.id} scope="col" style={{ verticalAlign: 'top' }}>
                  <Head evaluation={evaluation} isBase={evaluation === base} onBase={onBase} />
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {FIGURES.map((name) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">
                  {name}
                  <Text size="xs" c="dimmed">
                    {t(`evaluations.figure.${name}`)}
                  </Text>
                </Table.Th>
                {evaluations.map(({ id, figures }) => (
                  <Table.Td key={id}>
                    {formatFigure(figures?.[name])}{' '}
                    {id !== base?.id && <Difference value={difference(figures?.[name], base?.figures?.[name])} />}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
            <Table.Tr>
              <Table.Th scope="row">
                {t('evaluations.difference')}
                <Text size="xs" c="dimmed">
                  {t('evaluations.differenceLead')}
                </Text>
              </Table.Th>
              {evaluations.map(({ id }) => (
                <Table.Td key={id}>
                  {base && id !== base.id && comparable ? <Interval first={base.id} second={id} /> : '–'}
                </Table.Td>
              ))}
            </Table.Tr>
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}

interface HeadProps {
  evaluation: Evaluation
  isBase: boolean
  onBase: (id: number) => void
}

function Head({ evaluation: { id, model }, isBase, onBase }: HeadProps) {
  const { t } = useTranslation()
  return (
    <>
      <ModelLink model={model} />
      <Text size="xs" c="dimmed" fw={400}>
        <TextLink to="/models/evaluations/$evaluationId" params={{ evaluationId: String(id) }} fz="xs" c="dimmed">
          #{id}
        </TextLink>
        {isBase && ` · ${t('evaluations.base')}`}
      </Text>
      {!isBase && (
        <Button size="compact-xs" variant="subtle" mt={2} ml={-8} onClick={() => onBase(id)}>
          {t('evaluations.makeBase')}
        </Button>
      )}
    </>
  )
}

function Difference({ value }: { value: number | null }) {
  if (value === null) return null
  const colour = Math.abs(value) < 0.0005 ? 'dimmed' : value > 0 ? 'teal' : 'red'
  return (
    <Text span size="xs" c={colour}>
      {formatDifference(value)}
    </Text>
  )
}
