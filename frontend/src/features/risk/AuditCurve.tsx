/** Whether the queue's order earned its place: what would have been found how early, by each way to rank. */
import { Badge, Chip, Group, Paper, Skeleton, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditCurve as Curve, RankingName } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatDifference } from '../../ui/format'
import { AuditCurvePlot } from './AuditCurvePlot'
import { auditCurveQuery } from './queries'
import { COLOURS, FIRST_SHOWN, foundAt, known, RANKINGS, type Verdict, verdictOf } from './rankings'
import classes from './risk.module.css'

const VERDICT_COLOURS: Record<Verdict, string> = { better: 'teal', worse: 'red', open: 'gray', unknown: 'gray' }
const FIRST_TENTH = 0.1

/** Of one drive; of the whole workspace when null. */
export function AuditCurve({ drive }: { drive: number | null }) {
  const { t } = useTranslation()
  const curve = useQuery(auditCurveQuery(drive))
  if (curve.isError) return <ErrorNote error={curve.error} retry={() => void curve.refetch()} />
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="audit-curve">
      <Title order={2} size="h4" mb={4} id="audit-curve">
        {t('risk.curve')}
      </Title>
      {curve.isPending && <Skeleton h={420} />}
      {curve.data && <Told curve={curve.data} />}
    </Paper>
  )
}

function Told({ curve }: { curve: Curve }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<string[]>([...FIRST_SHOWN])
  const names = known(curve, RANKINGS)
  if (curve.wrong === 0 || curve.wrong === curve.labels)
    return (
      <Text size="sm" c="dimmed">
        {t(curve.labels === 0 ? 'risk.noAudits' : 'risk.oneKind', { count: curve.labels })}
      </Text>
    )
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('risk.curveLead', { labels: curve.labels, wrong: curve.wrong })}
      </Text>
      <Chip.Group multiple value={shown} onChange={setShown}>
        <Group gap={6} mb="md">
          {names.map((name) => (
            <Chip key={name} value={name} size="xs" variant="outline">
              <i className={classes.swatch} style={{ background: COLOURS[name] }} />
              {t(`risk.ranking.${name}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <AuditCurvePlot curve={curve} shown={known(curve, shown)} />
      <Rankings curve={curve} names={names} />
    </>
  )
}

function Rankings({ curve, names }: { curve: Curve; names: RankingName[] }) {
  const { t } = useTranslation()
  return (
    <Table.ScrollContainer minWidth={620}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('risk.rankedBy')}</Table.Th>
            <Table.Th ta="right">{t('risk.gain')}</Table.Th>
            <Table.Th ta="right">{t('risk.inFirstTenth')}</Table.Th>
            <Table.Th>{t('risk.toConfidence')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {names.map((name) => (
            <Row key={name} curve={curve} name={name} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Row({ curve, name }: { curve: Curve; name: RankingName }) {
  const { t } = useTranslation()
  const ranking = curve.rankings[name]
  const early = foundAt(curve, name, FIRST_TENTH)
  const verdict = verdictOf(curve, name)
  return (
    <Table.Tr>
      <Table.Td>{t(`risk.ranking.${name}`)}</Table.Td>
      <Table.Td ta="right">
        {ranking?.gain?.toFixed(3) ?? '–'}{' '}
        {ranking?.low != null && ranking.high != null && (
          <Text span size="xs" c="dimmed">
            [{ranking.low.toFixed(3)}, {ranking.high.toFixed(3)}]
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">{early === null ? '–' : `${Math.round(early * 100)} %`}</Table.Td>
      <Table.Td>
        {name !== 'confidence' && ranking?.difference_low != null && ranking.difference_high != null && (
          <Group gap="xs" wrap="nowrap">
            <Text size="sm">
              {formatDifference(ranking.difference ?? 0)} [{formatDifference(ranking.difference_low)},{' '}
              {formatDifference(ranking.difference_high)}]
            </Text>
            <Badge variant="light" size="sm" color={VERDICT_COLOURS[verdict]}>
              {t(`risk.verdict.${verdict}`)}
            </Badge>
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
