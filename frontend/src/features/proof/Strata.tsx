/** The bound by category group, light and size: where more random labels are worth their time. */
import { ScrollArea, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AuditBound, Stratum } from '../../api/types'
import { formatCount } from '../../ui/format'
import { percentUp } from '../risk/bound'

export function Strata({ bound }: { bound: AuditBound }) {
  const { t } = useTranslation()
  return (
    <>
      <ScrollArea type="auto">
        <Table fz="sm" miw={560} aria-label={t('proof.strata')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('proof.stratum')}</Table.Th>
              <Table.Th ta="right">{t('proof.atMostWrong')}</Table.Th>
              <Table.Th ta="right">{t('proof.counted')}</Table.Th>
              <Table.Th ta="right">{t('proof.left')}</Table.Th>
              <Table.Th ta="right">{t('proof.needed', { target: percentUp(bound.target) })}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {bound.strata.map((stratum) => (
              <Row key={`${stratum.group} ${stratum.light} ${stratum.size}`} stratum={stratum} />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      <Text size="xs" c="dimmed" mt={4}>
        {t('proof.eachAlone', { confidence: `${Math.round(bound.confidence * 100)} %` })}
      </Text>
    </>
  )
}

function Row({ stratum }: { stratum: Stratum }) {
  const { t } = useTranslation()
  const { group, light, size, seen, wrong, left, upper, further } = stratum
  const name = [t(`proof.group.${group || 'other'}`), t(`proof.size.${size}`), t(`proof.light.${light}`)]
  return (
    <Table.Tr>
      <Table.Td>{name.filter(Boolean).join(', ')}</Table.Td>
      <Table.Td ta="right">{upper === null ? '–' : percentUp(upper)}</Table.Td>
      <Table.Td ta="right">{t('proof.wrongOf', { wrong: formatCount(wrong), seen: formatCount(seen) })}</Table.Td>
      <Table.Td ta="right">{formatCount(left)}</Table.Td>
      <Table.Td ta="right">{further === null ? t('proof.notAtThisRate') : formatCount(further)}</Table.Td>
    </Table.Tr>
  )
}
