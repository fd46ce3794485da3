/** How many of the errors put before them auditors find, how they answer gold frames, and how many of both are mixed in. For leads. */
import { Group, NumberInput, ScrollArea, Skeleton, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AuditMix, Measured } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatCount } from '../../ui/format'
import { notifyError } from '../../ui/notify'
import { mixQuery, sensitivityQuery, useSetMix } from './queries'
import { interval, percent } from './rates'

export function Auditors() {
  const { t } = useTranslation()
  const found = useQuery(sensitivityQuery)
  if (found.isError) return <ErrorNote error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Skeleton h={80} />
  const { all, people } = found.data
  return (
    <>
      {people.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('proof.nobodyMeasured')}
        </Text>
      )}
      {people.length > 0 && (
        <ScrollArea type="auto">
          <Table fz="sm" miw={680} aria-label={t('proof.auditors')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('proof.person')}</Table.Th>
                <Table.Th ta="right">{t('proof.errorsFound')}</Table.Th>
                <Table.Th ta="right">{t('proof.missingFound')}</Table.Th>
                <Table.Th ta="right">{t('proof.precision')}</Table.Th>
                <Table.Th ta="right">{t('proof.recall')}</Table.Th>
                <Table.Th ta="right">IoU</Table.Th>
                <Table.Th ta="right">{t('proof.secondsABox')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {people.map((person) => (
                <Table.Tr key={person.user.id}>
                  <Table.Td>{person.user.name}</Table.Td>
                  <Found measured={person} />
                  <Table.Td ta="right">{percent(person.gold.precision)}</Table.Td>
                  <Table.Td ta="right">{percent(person.gold.recall)}</Table.Td>
                  <Table.Td ta="right">{person.gold.mean_iou?.toFixed(2) ?? '–'}</Table.Td>
                  <Table.Td ta="right">{person.gold.seconds_a_box?.toFixed(1) ?? '–'}</Table.Td>
                </Table.Tr>
              ))}
              {people.length > 1 && (
                <Table.Tr fw={600}>
                  <Table.Td>{t('proof.everybody')}</Table.Td>
                  <Found measured={all} />
                  <Table.Td colSpan={4} />
                </Table.Tr>
              )}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
      <Mix />
      <Text size="xs" c="dimmed" mt={4}>
        {t('proof.howMeasured')}
      </Text>
    </>
  )
}

function Found({ measured }: { measured: Measured }) {
  const { t } = useTranslation()
  const { found, shown, missing } = measured
  return (
    <>
      <Table.Td ta="right">
        {t('proof.foundOf', { found: formatCount(found), shown: formatCount(shown) })}{' '}
        <Text span size="xs" c="dimmed">
          {interval(measured)}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        {t('proof.foundOf', { found: formatCount(missing.found), shown: formatCount(missing.shown) })}
      </Table.Td>
    </>
  )
}

function Mix() {
  const { t } = useTranslation()
  const mix = useQuery(mixQuery)
  const set = useSetMix()
  if (!mix.data) return <Skeleton h={60} mt="xs" />
  const field = (name: keyof AuditMix) => (
    <NumberInput
      key={`${name} ${mix.data[name]}`}
      size="xs"
      w={270}
      label={t(`proof.mix.${name}`)}
      suffix=" %"
      min={0}
      max={50}
      decimalScale={1}
      defaultValue={Math.round(mix.data[name] * 1000) / 10}
      onBlur={(event) => {
        const share = Number.parseFloat(event.currentTarget.value) / 100
        if (Number.isFinite(share) && share !== mix.data[name]) set.mutate({ [name]: share }, { onError: notifyError })
      }}
    />
  )
  return (
    <Group mt="sm" align="end">
      {field('seeded_share')}
      {field('gold_share')}
      {field('consensus_share')}
    </Group>
  )
}
