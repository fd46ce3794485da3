/** The comparisons on the page of all runs: how far each is. Nothing is shown where there is none. */
import { Paper, Progress, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Comparison } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatAgo } from '../../ui/format'
import { VersionLink } from '../models/links'
import { StatesText } from './ComparisonProgress'
import { comparisonsQuery } from './queries'
import { shareDone } from './standings'

export function Comparisons() {
  const { t } = useTranslation()
  const comparisons = useQuery(comparisonsQuery)
  if (comparisons.isError) return <ErrorNote error={comparisons.error} retry={() => void comparisons.refetch()} />
  if (!comparisons.data || comparisons.data.results.length === 0) return null
  return (
    <Paper withBorder p="md" mb="lg" component="section" aria-labelledby="comparisons">
      <Title order={2} size="h4" id="comparisons" mb="xs">
        {t('comparisons.title')}
      </Title>
      <Table.ScrollContainer type="native" minWidth={720}>
        <Table verticalSpacing="xs">
          <Table.Tbody>
            {comparisons.data.results.map((comparison) => (
              <Row key={comparison.id} comparison={comparison} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}

function Row({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation()
  const { id, name, methods, seeds, dataset_version, created_at } = comparison
  return (
    <Table.Tr>
      <Table.Td>
        <TextLink to="/training/comparisons/$comparisonId" params={{ comparisonId: String(id) }} fz="sm" fw={500}>
          {name}
        </TextLink>
        <Text size="xs" c="dimmed">
          {t('comparisons.of', { methods: methods.length, seeds: seeds.length })}
        </Text>
      </Table.Td>
      <Table.Td w={260}>
        <Progress value={shareDone(comparison) * 100} size="sm" aria-label={name} />
        <Text size="xs" c="dimmed" mt={2}>
          <StatesText comparison={comparison} />
        </Text>
      </Table.Td>
      <Table.Td>{dataset_version ? <VersionLink version={dataset_version} /> : t('training.rendered')}</Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed">
          {formatAgo(created_at)}
        </Text>
      </Table.Td>
    </Table.Tr>
  )
}
