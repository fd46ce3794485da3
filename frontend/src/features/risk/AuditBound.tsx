/** Whether a drive is audited enough: what its labels drawn at random bound, in words. */
import { Accordion, Badge, Button, Group, Paper, Skeleton, Text, Title } from '@mantine/core'
import { IconDice5 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { AuditBound as Bound } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatCount } from '../../ui/format'
import { notifyError } from '../../ui/notify'
import { Auditors } from '../proof/Auditors'
import { AutoAccept } from '../proof/AutoAccept'
import { PartBound } from '../proof/SetBound'
import { Strata } from '../proof/Strata'
import { isEnough, knownOf, mayDraw, outlookOf, percentUp } from './bound'
import { auditBoundQuery, useDrawSample } from './queries'

export function AuditBound({ drive }: { drive: number }) {
  const { t } = useTranslation()
  const bound = useQuery(auditBoundQuery(drive))
  if (bound.isError) return <ErrorNote error={bound.error} retry={() => void bound.refetch()} />
  return (
    <Paper withBorder p="md" mb="lg" component="section" aria-labelledby="audit-bound">
      <Group justify="space-between" mb={4}>
        <Group gap="xs">
          <Title order={2} size="h4" id="audit-bound">
            {t('risk.bound')}
          </Title>
          {bound.data && isEnough(bound.data) && (
            <Badge variant="light" color="teal">
              {t('risk.enoughBadge')}
            </Badge>
          )}
        </Group>
        {bound.data && mayDraw(bound.data) && <Draw drive={drive} />}
      </Group>
      {bound.data ? <Told bound={bound.data} /> : <Skeleton h={44} />}
      {bound.data && <More bound={bound.data} drive={drive} />}
    </Paper>
  )
}

/** What stands behind the sentence, folded away until it is asked for. */
function More({ bound, drive }: { bound: Bound; drive: number }) {
  const { t } = useTranslation()
  const mayReview = useRight('audit.review')
  if (bound.strata.length === 0 && !mayReview) return null
  return (
    <Accordion mt="sm" variant="contained" multiple>
      {bound.strata.length > 0 && (
        <Accordion.Item value="strata">
          <Accordion.Control>{t('proof.byStratum')}</Accordion.Control>
          <Accordion.Panel>
            <Strata bound={bound} />
          </Accordion.Panel>
        </Accordion.Item>
      )}
      {bound.sample !== null && (
        <Accordion.Item value="part">
          <Accordion.Control>{t('proof.part.title')}</Accordion.Control>
          <Accordion.Panel>
            <PartBound drive={drive} />
          </Accordion.Panel>
        </Accordion.Item>
      )}
      {bound.sample !== null && (
        <Accordion.Item value="auto">
          <Accordion.Control>{t('proof.auto.title')}</Accordion.Control>
          <Accordion.Panel>
            <AutoAccept drive={drive} />
          </Accordion.Panel>
        </Accordion.Item>
      )}
      {mayReview && (
        <Accordion.Item value="auditors">
          <Accordion.Control>{t('proof.byAuditor')}</Accordion.Control>
          <Accordion.Panel>
            <Auditors />
          </Accordion.Panel>
        </Accordion.Item>
      )}
    </Accordion>
  )
}

function Draw({ drive }: { drive: number }) {
  const { t } = useTranslation()
  const mayReview = useRight('audit.review')
  const draw = useDrawSample(drive)
  if (!mayReview) return null
  return (
    <Button
      size="xs"
      variant="light"
      leftSection={<IconDice5 size={14} />}
      loading={draw.isPending}
      onClick={() => draw.mutate(undefined, { onError: notifyError })}
    >
      {t('risk.draw')}
    </Button>
  )
}

function Told({ bound }: { bound: Bound }) {
  const { t } = useTranslation()
  const outlook = outlookOf(bound)
  const known = t(`risk.known.${knownOf(bound)}`, { upper: percentUp(bound.upper ?? 1), confidence: sure(bound) })
  const figures = {
    target: percentUp(bound.target),
    further: formatCount(bound.further ?? 0),
    left: formatCount(bound.size - bound.seen),
  }
  return (
    <>
      <Text size="sm">
        {known}
        {outlook && t(`risk.outlook.${outlook}`, figures)}
      </Text>
      {bound.sample !== null && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('risk.boundOf', {
            seen: formatCount(bound.seen),
            size: formatCount(bound.size),
            wrong: formatCount(bound.wrong),
            population: formatCount(bound.population),
          })}{' '}
          {bound.corrected === null
            ? t('risk.takenAsTruth')
            : t('risk.corrected', {
                found: formatCount(bound.errors_found),
                shown: formatCount(bound.errors_shown),
                upper: percentUp(bound.corrected),
              })}
        </Text>
      )}
    </>
  )
}

function sure({ confidence }: Bound): string {
  return `${Math.round(confidence * 100)} %`
}
