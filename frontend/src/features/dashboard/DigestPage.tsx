/** `/dashboard/digest`: one week beside the week before it, as owners and leads get it by letter. */
import { Button, List, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatCount } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { LedgerTable } from './Ledger'
import { type Digest, digestQuery } from './queries'

const FIGURES = [
  'decisions',
  'audit_hours',
  'frames_audited',
  'footage_hours',
  'frames_ingested',
  'jobs',
  'job_minutes',
  'versions_frozen',
] as const
type Figure = (typeof FIGURES)[number]

export function DigestPage() {
  const { t } = useTranslation()
  const [back, setBack] = useState(1)
  const digest = useQuery(digestQuery(back))
  return (
    <>
      <PageHeader
        above={<TextLink to="/dashboard">{t('dashboard.title')}</TextLink>}
        title={t('digest.title')}
        lead={digest.data ? t('digest.lead', { since: digest.data.since, until: digest.data.until }) : ' '}
        actions={
          <Button.Group>
            <Button variant="default" size="xs" onClick={() => setBack(back + 1)}>
              {t('digest.earlier')}
            </Button>
            <Button variant="default" size="xs" disabled={back === 0} onClick={() => setBack(back - 1)}>
              {t('digest.later')}
            </Button>
          </Button.Group>
        }
      />
      {digest.isError && <ErrorNote error={digest.error} retry={() => void digest.refetch()} />}
      {digest.isPending && <Skeleton h={400} />}
      {digest.data && <Week digest={digest.data} />}
    </>
  )
}

function Week({ digest }: { digest: Digest }) {
  const { t } = useTranslation()
  return (
    <Stack gap="lg" maw={900}>
      <Table style={{ fontVariantNumeric: 'tabular-nums' }} aria-label={t('digest.figures')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('digest.figures')}</Table.Th>
            <Table.Th ta="right">{t('digest.thisWeek')}</Table.Th>
            <Table.Th ta="right">{t('digest.before')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {digest.figures.map(({ name, link, value, before }) => (
            <Table.Tr key={name}>
              <Table.Td>
                <TextLink to={link}>{t(`dashboard.series.${name as Figure}`)}</TextLink>
              </Table.Td>
              <Table.Td ta="right">{told(value)}</Table.Td>
              <Table.Td ta="right" c="dimmed">
                {told(before)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {digest.ledger.length > 0 && (
        <Part title={t('ledger.title')}>
          <LedgerTable lines={digest.ledger} />
        </Part>
      )}
      <Names
        title={t('digest.people')}
        names={digest.people.map(({ name, decisions }) => `${name}: ${formatCount(decisions)}`)}
      />
      <Names title={t('digest.versions')} names={digest.versions} />
      <Names title={t('digest.promoted')} names={digest.promoted} />
      <Names title={t('digest.failedJobs')} names={digest.failed_jobs} />
      {digest.alarms > 0 && (
        <TextLink to="/fleet" search={{ room: 'alarms' }}>
          {t('digest.alarms', { count: digest.alarms })}
        </TextLink>
      )}
    </Stack>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  )
}

function Names({ title, names }: { title: string; names: string[] }) {
  if (names.length === 0) return null
  return (
    <Part title={title}>
      <List size="sm">
        {names.map((name) => (
          <List.Item key={name}>
            <Text span size="sm">
              {name}
            </Text>
          </List.Item>
        ))}
      </List>
    </Part>
  )
}

function told(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : value.toFixed(1)
}
