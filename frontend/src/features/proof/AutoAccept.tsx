/** Accept labels of a drive unseen, as far as its random sample proves them right; what became of it, and the way back. */
import { Alert, Badge, Button, Group, NumberInput, ScrollArea, Skeleton, Table, Text } from '@mantine/core'
import { IconAlertTriangle, IconArrowBackUp, IconChecks } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { CertifiedSlice, AutoAccept as Told } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatCount } from '../../ui/format'
import { notifyError } from '../../ui/notify'
import { percentUp } from '../risk/bound'
import { autoAcceptQuery, useAutoAccept } from './queries'

export function AutoAccept({ drive }: { drive: number }) {
  const { t } = useTranslation()
  const [alpha, setAlpha] = useState(0.02)
  const told = useQuery({ ...autoAcceptQuery(drive, alpha), placeholderData: keepPreviousData })
  if (told.isError) return <ErrorNote error={told.error} retry={() => void told.refetch()} />
  if (!told.data) return <Skeleton h={80} />
  const { certificate, offer } = told.data
  const stands = certificate !== null && certificate.state !== 'undone'
  return (
    <>
      <Text size="sm" mb="sm">
        {t('proof.auto.lead')}
      </Text>
      {stands ? (
        <Standing drive={drive} certificate={certificate} />
      ) : (
        <Offer drive={drive} offer={offer} alpha={alpha} setAlpha={setAlpha} />
      )}
    </>
  )
}

interface OfferProps {
  drive: number
  offer: CertifiedSlice[]
  alpha: number
  setAlpha: (alpha: number) => void
}

function Offer({ drive, offer, alpha, setAlpha }: OfferProps) {
  const { t } = useTranslation()
  const mayReview = useRight('audit.review')
  const accept = useAutoAccept(drive)
  const labels = offer.reduce((sum, slice) => sum + slice.covers, 0)
  return (
    <>
      <Group align="end" mb="xs">
        <NumberInput
          size="xs"
          w={140}
          label={t('proof.auto.alpha')}
          suffix=" %"
          min={0.1}
          max={20}
          step={0.5}
          decimalScale={1}
          value={alpha * 100}
          onChange={(value) => typeof value === 'number' && value >= 0.1 && value <= 20 && setAlpha(value / 100)}
        />
        {mayReview && (
          <Button
            size="xs"
            leftSection={<IconChecks size={14} />}
            disabled={labels === 0}
            loading={accept.isPending}
            onClick={() => accept.mutate(alpha, { onError: notifyError })}
          >
            {t('proof.auto.on', { labels: formatCount(labels) })}
          </Button>
        )}
      </Group>
      {offer.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('proof.auto.nothing')}
        </Text>
      ) : (
        <Slices slices={offer} />
      )}
    </>
  )
}

function Standing({ drive, certificate }: { drive: number; certificate: NonNullable<Told['certificate']> }) {
  const { t } = useTranslation()
  const mayReview = useRight('audit.review')
  const undo = useAutoAccept(drive)
  const { state, off_reason, alpha, delta, later, standing, slices } = certificate
  return (
    <>
      {off_reason && (
        <Alert color="orange" icon={<IconAlertTriangle size={16} />} mb="sm" role="status">
          {t(`proof.auto.off.${off_reason}`)}
        </Alert>
      )}
      <Group justify="space-between" mb="xs">
        <Group gap="xs">
          <Badge variant="light" color={state === 'on' ? 'teal' : 'orange'}>
            {t(`proof.auto.state.${state}`)}
          </Badge>
          <Text size="sm">
            {t('proof.auto.promise', { alpha: percentUp(alpha), confidence: `${Math.round((1 - delta) * 100)} %` })}
          </Text>
        </Group>
        {mayReview && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconArrowBackUp size={14} />}
            loading={undo.isPending}
            onClick={() => undo.mutate(null, { onError: notifyError })}
          >
            {t('proof.auto.undo')}
          </Button>
        )}
      </Group>
      <Text size="sm" mb="xs">
        {t('proof.auto.standing', {
          labels: formatCount(standing),
          seen: formatCount(later.seen),
          wrong: formatCount(later.wrong),
        })}
      </Text>
      <Slices slices={slices} />
    </>
  )
}

function Slices({ slices }: { slices: CertifiedSlice[] }) {
  const { t } = useTranslation()
  return (
    <ScrollArea type="auto">
      <Table fz="sm" miw={460} aria-label={t('proof.auto.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('proof.auto.category')}</Table.Th>
            <Table.Th ta="right">{t('proof.auto.upTo')}</Table.Th>
            <Table.Th ta="right">{t('proof.auto.covers')}</Table.Th>
            <Table.Th ta="right">{t('proof.auto.proof')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {slices.map((slice) => (
            <Table.Tr key={slice.category}>
              <Table.Td>{slice.name}</Table.Td>
              <Table.Td ta="right">{slice.threshold.toFixed(3)}</Table.Td>
              <Table.Td ta="right">{formatCount(slice.covers)}</Table.Td>
              <Table.Td ta="right">
                {t('proof.wrongOf', { wrong: formatCount(slice.wrong), seen: formatCount(slice.seen) })}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  )
}
