/** `/models/edge`: every model that was packed for a device, its AP over what it costs, and its figures. */
import { Alert, Paper, SegmentedControl, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconCpu } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EdgeExport } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatBytes, formatFigure, formatParameters } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { ModelLink } from '../models/links'
import { modelsQuery } from '../models/queries'
import { figuresOf, inputOf } from './figures'
import { edgeExportsQuery } from './queries'
import { ScatterPlot } from './ScatterPlot'
import { COSTS, type Cost, curvesOf, type Point, pointsOf, silentOf } from './scatter'

export function EdgePage() {
  const { t } = useTranslation()
  const exports = useQuery(edgeExportsQuery())
  const models = useQuery(modelsQuery)
  const [cost, setCost] = useState<Cost>('ms')
  const failed = exports.error ?? models.error
  const rows = (exports.data?.results ?? []).filter(({ sha256 }) => sha256)
  const points = pointsOf(rows, cost)
  return (
    <>
      <PageHeader
        above={<TextLink to="/models">{t('models.title')}</TextLink>}
        title={t('edge.all')}
        lead={t('edge.allLead')}
      />
      {failed && <ErrorNote error={failed} retry={() => void exports.refetch()} />}
      {!failed && !(exports.data && models.data) && <Skeleton h={440} />}
      {exports.data && rows.length === 0 && (
        <EmptyState icon={IconCpu} title={t('edge.noneAll')}>
          {t('edge.noneAllText')}
        </EmptyState>
      )}
      {models.data && rows.length > 0 && (
        <Stack gap="lg">
          <Paper withBorder p="md">
            <SegmentedControl
              mb="md"
              aria-label={t('edge.costs')}
              data={COSTS.map((value) => ({ value, label: t(`edge.cost.${value}`) }))}
              value={cost}
              onChange={(value) => setCost(value as Cost)}
            />
            {points.some(({ ap }) => ap > 0) && (
              <ScatterPlot
                cost={cost}
                points={points}
                curves={cost === 'ms' ? [] : curvesOf(points, models.data.results)}
              />
            )}
            <Silent points={points} />
            <Text size="sm" c="dimmed">
              {t(cost === 'ms' ? 'edge.aboutMs' : cost === 'x3' ? 'edge.aboutX3' : 'edge.aboutCurves')}
            </Text>
          </Paper>
          <Figures rows={rows} />
        </Stack>
      )}
    </>
  )
}

/** What the plot cannot show: no model has this cost, or some find nothing. */
function Silent({ points }: { points: readonly Point[] }) {
  const { t } = useTranslation()
  const silent = silentOf(points)
  if (points.length > 0 && silent.length === 0) return null
  return (
    <Alert color="gray" mb="sm" title={t(silent.length > 0 ? 'edge.silent' : 'edge.noPoints')}>
      {silent.length > 0
        ? t('edge.silentText', { count: silent.length, names: silent.join(t('edge.listAnd')) })
        : t('edge.noPointsText')}
    </Alert>
  )
}

function Figures({ rows }: { rows: EdgeExport[] }) {
  const { t } = useTranslation()
  const numbers = ['parameters', 'gflops', 'ap', 'ap8', 'ms', 'x3', 'size'] as const
  return (
    <Table.ScrollContainer type="native" minWidth={820}>
      <Table verticalSpacing={6} style={{ fontVariantNumeric: 'tabular-nums' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('edge.model')}</Table.Th>
            <Table.Th>{t('edge.target')}</Table.Th>
            <Table.Th>{t('edge.input')}</Table.Th>
            {numbers.map((name) => (
              <Table.Th key={name} ta="right">
                {t(`edge.${name}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Row({ row }: { row: EdgeExport }) {
  const { t } = useTranslation()
  const { ap, ap8, ms, x3 } = figuresOf(row)
  const { parameters, gflops } = row.report ?? {}
  const cells = [
    parameters === undefined ? '–' : formatParameters(parameters),
    gflops === undefined ? '–' : gflops.toFixed(2),
    formatFigure(ap),
    formatFigure(ap8),
    ms,
    x3,
    row.size === null ? '' : formatBytes(row.size),
  ]
  return (
    <Table.Tr>
      <Table.Td>
        <ModelLink model={row.model} />
      </Table.Td>
      <Table.Td>{t(`edge.targets.${row.target}`)}</Table.Td>
      <Table.Td>{inputOf(row)}</Table.Td>
      {cells.map((cell, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns never change
        <Table.Td key={place} ta="right">
          {cell}
        </Table.Td>
      ))}
    </Table.Tr>
  )
}
