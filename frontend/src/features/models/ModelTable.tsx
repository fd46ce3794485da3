/** Models to find and to sort. The serving one carries its badge wherever it stands. */
import { Group, Table, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../ui/ButtonLink'
import { formatAgo, formatFigure, formatParameters } from '../../ui/format'
import { SortHead } from '../../ui/SortHead'
import { type Order, sortedBy } from '../../ui/sorting'
import { dataTitle } from '../evaluations/titles'
import { ModelLink, VersionLink } from './links'
import { cellOf, type Measured, type ModelColumn, type ModelRow, matching, shownRef } from './rows'
import { ServingBadge } from './ServingBadge'

const COLUMNS: readonly ModelColumn[] = ['name', 'family', 'parameters', 'method', 'data', 'AP', 'parent', 'added']
const NUMERIC: readonly ModelColumn[] = ['parameters', 'AP']
const NEWEST_FIRST: Order<ModelColumn> = { by: 'added', descending: true }

export function ModelTable({ rows }: { rows: ModelRow[] }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [order, setOrder] = useState(NEWEST_FIRST)
  const shown = sortedBy(matching(rows, text), order, cellOf)
  const heads: Record<ModelColumn, string> = {
    name: t('models.name'),
    family: t('models.family'),
    parameters: t('models.parameters'),
    method: t('models.method'),
    data: t('models.trainedOn'),
    AP: 'AP',
    parent: t('models.parent'),
    added: t('models.added'),
  }
  return (
    <>
      <TextInput
        mb="sm"
        maw={360}
        leftSection={<IconSearch size={16} />}
        aria-label={t('models.filter')}
        placeholder={t('models.filter')}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Table.ScrollContainer type="native" minWidth={900}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {COLUMNS.map((column) => (
                <SortHead
                  key={column}
                  column={column}
                  label={heads[column]}
                  order={order}
                  numeric={NUMERIC.includes(column)}
                  descendingFirst={column === 'added'}
                  onSort={setOrder}
                />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((row) => (
              <Row key={row.model.id} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {shown.length === 0 && (
        <Text size="sm" c="dimmed" ta="center" py="lg">
          {t('models.noMatch', { text })}
        </Text>
      )}
    </>
  )
}

function Row({ row: { model, measured } }: { row: ModelRow }) {
  const { t } = useTranslation()
  return (
    <Table.Tr>
      <Table.Td maw={320}>
        <Group gap="xs" wrap="nowrap">
          <TextLink to="/models/$modelId" params={{ modelId: String(model.id) }} fw={600} fz="sm" truncate>
            {model.name}
          </TextLink>
          {model.serving && <ServingBadge />}
        </Group>
        <Text size="xs" c="dimmed" ff="monospace" truncate title={shownRef(model)}>
          {shownRef(model)}
        </Text>
      </Table.Td>
      <Table.Td>{model.family || '–'}</Table.Td>
      <Table.Td ta="right">{model.parameters === null ? '–' : formatParameters(model.parameters)}</Table.Td>
      <Table.Td>{model.method || '–'}</Table.Td>
      <Table.Td>
        {model.dataset_version ? (
          <VersionLink version={model.dataset_version} />
        ) : (
          <Text size="sm" c="dimmed">
            {model.method ? t('models.rendered') : '–'}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">
        <Figure measured={measured} />
      </Table.Td>
      <Table.Td>{model.parent ? <ModelLink model={model.parent} /> : '–'}</Table.Td>
      <Table.Td>{formatAgo(model.created_at)}</Table.Td>
    </Table.Tr>
  )
}

/** The newest AP, and on which data: two figures of different data cannot be told apart. */
function Figure({ measured }: { measured: Measured | null }) {
  const { t } = useTranslation()
  if (measured === null) return '–'
  const { evaluation } = measured
  const where = evaluation ? dataTitle(evaluation, t('evaluations.everySplit')) : t('models.whileTraining')
  const figure = formatFigure(measured.AP)
  return (
    <>
      {evaluation ? (
        <TextLink
          to="/models/evaluations/$evaluationId"
          params={{ evaluationId: String(evaluation.id) }}
          fz="sm"
          style={{ fontVariantNumeric: 'tabular-nums' }}
        >
          {figure}
        </TextLink>
      ) : (
        <Text size="sm" style={{ fontVariantNumeric: 'tabular-nums' }}>
          {figure}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {where}
      </Text>
    </>
  )
}
