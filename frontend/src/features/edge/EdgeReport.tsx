/** What is behind an export's figures: AP by category in 32 and 8 bits, parity, camera, and which operators leave the chip's BPU and why. */
import { Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { EdgeReportFigures } from '../../api/types'
import { told } from '../../i18n/told'
import { formatCount, formatFigure } from '../../ui/format'

export function EdgeReport({ report }: { report: EdgeReportFigures }) {
  const { t } = useTranslation()
  const { int8, camera_420: camera, horizon_x3: chip } = report
  const facts = [
    report.parity !== undefined && t('edge.parity', { value: report.parity.toExponential(0) }),
    camera && t('edge.camera', { value: formatFigure(camera.after) }),
    int8 && t(`edge.kept.${int8.in_32_bits ?? ''}`),
    chip &&
      t('edge.onChip', {
        operators: chip.operators,
        off: chip.off_bpu,
        pieces: chip.bpu_subgraphs,
        waste: `${(chip.padding_waste * 100).toFixed(1)} %`,
      }),
    chip &&
      t('edge.estimate', {
        best: chip.estimated_ms.best,
        worst: chip.estimated_ms.worst,
        basis: told(chip.estimated_ms.basis),
      }),
  ]
  return (
    <Stack gap="xs" py="xs">
      {facts.filter(Boolean).map((fact) => (
        <Text key={String(fact)} size="sm">
          {fact}
        </Text>
      ))}
      {(int8 ?? camera) && <Categories report={report} />}
      {chip && chip.reasons.length > 0 && <Reasons reasons={chip.reasons} />}
    </Stack>
  )
}

function Categories({ report: { int8, camera_420: camera } }: { report: EdgeReportFigures }) {
  const { t } = useTranslation()
  const rows = Object.entries((int8 ?? camera)?.categories ?? {})
  return (
    <Table verticalSpacing={3} maw={560} style={{ fontVariantNumeric: 'tabular-nums' }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('edge.category')}</Table.Th>
          <Table.Th ta="right">{t('edge.ap')}</Table.Th>
          {int8 && <Table.Th ta="right">{t('edge.ap8')}</Table.Th>}
          {int8 && <Table.Th ta="right">{t('edge.lost')}</Table.Th>}
          <Table.Th ta="right">{t('edge.truths')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(([name, row]) => (
          <Table.Tr key={name}>
            <Table.Td>{name}</Table.Td>
            <Table.Td ta="right">{formatFigure(row.before)}</Table.Td>
            {int8 && <Table.Td ta="right">{formatFigure(row.after)}</Table.Td>}
            {int8 && <Table.Td ta="right">{formatFigure(row.lost)}</Table.Td>}
            <Table.Td ta="right">{formatCount(row.truths)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Reasons({ reasons }: { reasons: NonNullable<EdgeReportFigures['horizon_x3']>['reasons'] }) {
  const { t } = useTranslation()
  return (
    <Table verticalSpacing={3}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('edge.operator')}</Table.Th>
          <Table.Th>{t('edge.where')}</Table.Th>
          <Table.Th>{t('edge.why')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {reasons.map(({ op, where, why, count }) => (
          <Table.Tr key={`${op} ${why}`}>
            <Table.Td>
              {op} × {count}
            </Table.Td>
            <Table.Td>{t(`edge.places.${where}`)}</Table.Td>
            <Table.Td>{told(why)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
