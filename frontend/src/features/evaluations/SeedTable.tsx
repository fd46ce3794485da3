/** Runs that differ in their seed alone: what the recipe gives, and how far luck moves it. */
import { Paper, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { FIGURES } from '../../api/report'
import { formatFigure } from '../../ui/format'
import { overSeeds, type SeedGroup, type Spread } from './compare'

export function SeedTable({ groups }: { groups: SeedGroup[] }) {
  const { t } = useTranslation()
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="seeds">
      <Title order={2} size="h4" id="seeds">
        {t('evaluations.seeds')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('evaluations.seedsLead')}
      </Text>
      <Table.ScrollContainer type="native" minWidth={820}>
        <Table style={{ fontVariantNumeric: 'tabular-nums' }}>
          <Table.Thead>
            <Table.Tr>
              <Table.Td />
              {FIGURES.map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {groups.map((group) => (
              <Table.Tr key={group.evaluations.map(({ id }) => id).join(' ')}>
                <Table.Th scope="row">
                  {group.name}
                  <Text size="xs" c="dimmed">
                    {t('evaluations.seedsOf', { seeds: group.seeds.join(', ') })}
                  </Text>
                </Table.Th>
                {FIGURES.map((name) => (
                  <Table.Td key={name}>{spreadText(overSeeds(group.evaluations, name))}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}

function spreadText(spread: Spread | null): string {
  if (spread === null) return '–'
  return spread.deviation === null
    ? formatFigure(spread.mean)
    : `${formatFigure(spread.mean)} ± ${formatFigure(spread.deviation)}`
}
