/** What came, went and changed between this version and another of its dataset, and the frames behind each count. */
import { Group, Paper, Select, Skeleton, Stack, Table, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { ChangeKind, DatasetVersion, VersionComparison } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatCount } from '../../ui/format'
import { ComparedFrames } from './ComparedFrames'
import { datasetQuery } from './queries'
import { comparisonQuery } from './versionQueries'

const KINDS = ['came', 'went', 'changed', 'moved', 'same'] as const

export function VersionCompare({ version }: { version: DatasetVersion }) {
  const { t } = useTranslation()
  const dataset = useQuery(datasetQuery(version.dataset.id))
  const [chosen, choose] = useState<number | null>(null)
  const others = (dataset.data?.versions ?? [])
    .filter(({ id, state }) => id !== version.id && state === 'frozen')
    .sort((a, b) => b.number - a.number)
  const other = others.find(({ id }) => id === chosen)
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between">
          <Text fw={600} component="h2">
            {t('versions.compare')}
          </Text>
          {others.length > 0 && (
            <Select
              size="xs"
              w={260}
              aria-label={t('versions.compareWith')}
              placeholder={t('versions.compareWith')}
              value={chosen === null ? null : String(chosen)}
              onChange={(value) => choose(value === null ? null : Number(value))}
              data={others.map(({ id, number }) => ({ value: String(id), label: `v${number}` }))}
              clearable
            />
          )}
        </Group>
        {dataset.data && others.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('versions.compareNone')}
          </Text>
        )}
        {other && <Comparison key={other.id} {...inOrder(version, other)} />}
      </Stack>
    </Paper>
  )
}

type Numbered = Pick<DatasetVersion, 'id' | 'number'>

/** From the older to the newer, whichever page one looks from. */
function inOrder(one: Numbered, other: Numbered): { from: Numbered; to: Numbered } {
  return one.number < other.number ? { from: one, to: other } : { from: other, to: one }
}

function Comparison({ from, to }: { from: Numbered; to: Numbered }) {
  const { t } = useTranslation()
  const mayRead = useRight('frozen.read')
  const comparison = useQuery(comparisonQuery(from.id, to.id))
  const [kind, choose] = useState<ChangeKind | null>(null)
  if (comparison.error) return <ErrorNote error={comparison.error} retry={() => void comparison.refetch()} />
  if (!comparison.data) return <Skeleton h={110} />
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('versions.fromTo', { from: from.number, to: to.number })}
      </Text>
      <Counts comparison={comparison.data} kind={kind} onChoose={choose} />
      {kind && mayRead && (
        <ComparedFrames key={kind} from={from.id} to={to.id} kind={kind} count={comparison.data.frames[kind]} />
      )}
    </>
  )
}

interface CountsProps {
  comparison: VersionComparison
  kind: ChangeKind | null
  onChoose: (kind: ChangeKind | null) => void
}

function Counts({ comparison: { frames, boxes }, kind, onChoose }: CountsProps) {
  const { t } = useTranslation()
  return (
    <Table w="auto" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
          {KINDS.map((each) => (
            <Table.Th key={each} ta="right">
              {t(`versions.kind.${each}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        <Table.Tr>
          <Table.Th scope="row">{t('versions.frames')}</Table.Th>
          {KINDS.map((each) => (
            <Table.Td key={each} ta="right">
              {each === 'same' || frames[each] === 0 ? (
                formatCount(frames[each])
              ) : (
                <UnstyledButton
                  fz="sm"
                  td="underline"
                  fw={kind === each ? 700 : undefined}
                  aria-pressed={kind === each}
                  aria-label={`${formatCount(frames[each])}: ${t('versions.kindOf', { kind: t(`versions.kind.${each}`) })}`}
                  onClick={() => onChoose(kind === each ? null : each)}
                >
                  {formatCount(frames[each])}
                </UnstyledButton>
              )}
            </Table.Td>
          ))}
        </Table.Tr>
        <Table.Tr>
          <Table.Th scope="row">{t('versions.boxes')}</Table.Th>
          {KINDS.map((each) => (
            <Table.Td key={each} ta="right">
              {each === 'moved' ? '' : formatCount(boxes[each])}
            </Table.Td>
          ))}
        </Table.Tr>
      </Table.Tbody>
    </Table>
  )
}
