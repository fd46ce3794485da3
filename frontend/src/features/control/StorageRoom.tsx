/** What takes how much, and how much a workspace allows itself. */
import { Button, Group, NumberInput, Select, SimpleGrid, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatBytes, formatDate } from '../../ui/format'
import { limitsQuery, storageQuery, useSetLimits } from './queries'
import type { Limits } from './types'

const MIB = 2 ** 20
const GIB = 2 ** 30
type Blur = NonNullable<Limits['blur_at_ingest']>
const BLURS: Blur[] = ['off', 'boxes', 'bands']

export function StorageRoom() {
  const { t } = useTranslation()
  const limits = useQuery(limitsQuery)
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
      <StorageReport />
      <section>
        <Title order={2} size="h4" mb="xs">
          {t('control.limits')}
        </Title>
        {limits.isError && <ErrorNote error={limits.error} retry={() => void limits.refetch()} />}
        {limits.isPending ? <Skeleton h={260} /> : limits.data && <LimitsForm limits={limits.data} />}
      </section>
    </SimpleGrid>
  )
}

function StorageReport() {
  const { t } = useTranslation()
  const { data: report, ...storage } = useQuery(storageQuery)
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t('control.stored')}
      </Title>
      {storage.isError && <ErrorNote error={storage.error} retry={() => void storage.refetch()} />}
      {storage.isPending && <Skeleton h={260} />}
      {report && (
        <Stack>
          <Table aria-label={t('control.stored')}>
            <Table.Tbody>
              {report.kinds.map(({ kind, bytes, about }) => (
                <Table.Tr key={kind}>
                  <Table.Th fw={400}>{t(`control.kinds.${kind as 'originals'}`)}</Table.Th>
                  <Table.Td ta="right">
                    {about && '≈ '}
                    {formatBytes(bytes)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {report.disk_total !== null && report.disk_free !== null && (
            <Text size="sm" c="dimmed">
              {t('control.disk', { free: formatBytes(report.disk_free), total: formatBytes(report.disk_total) })}
            </Text>
          )}
          {report.drives.length > 0 && (
            <Table aria-label={t('control.largest')}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('control.largest')}</Table.Th>
                  <Table.Th>{t('control.made')}</Table.Th>
                  <Table.Th ta="right">{t('control.size')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {report.drives.map((drive) => (
                  <Table.Tr key={drive.id}>
                    <Table.Td>
                      <TextLink to="/drives/$driveId" params={{ driveId: String(drive.id) }}>
                        {drive.name}
                      </TextLink>
                    </Table.Td>
                    <Table.Td>{formatDate(drive.created_at)}</Table.Td>
                    <Table.Td ta="right">{formatBytes(drive.bytes)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Stack>
      )}
    </section>
  )
}

/** Empty is no limit. */
function LimitsForm({ limits }: { limits: Limits }) {
  const { t } = useTranslation()
  const save = useSetLimits()
  const form = useForm({
    initialValues: {
      upload: limits.max_upload_bytes === null ? ('' as const) : limits.max_upload_bytes / MIB,
      store: limits.max_store_bytes === null ? ('' as const) : limits.max_store_bytes / GIB,
      days: limits.retention_days ?? ('' as const),
      decimals: limits.gps_decimals,
      cost: limits.audit_hour_cost ?? ('' as const),
      blur: limits.blur_at_ingest ?? 'off',
    } as Record<'upload' | 'store' | 'days' | 'decimals' | 'cost', number | string> & { blur: Blur },
  })
  const submit = form.onSubmit(({ upload, store, days, decimals, cost, blur }) =>
    save.mutate(
      {
        max_upload_bytes: scaled(upload, MIB),
        max_store_bytes: scaled(store, GIB),
        retention_days: scaled(days, 1),
        gps_decimals: Number(decimals),
        blur_at_ingest: blur,
        audit_hour_cost: cost === '' ? null : Number(cost),
      },
      { onSuccess: () => form.resetDirty() },
    ),
  )
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={420}>
        <NumberInput
          label={t('control.maxUpload')}
          description={t('control.emptyIsNone')}
          min={1}
          suffix=" MiB"
          {...form.getInputProps('upload')}
        />
        <NumberInput label={t('control.maxStore')} min={1} suffix=" GiB" {...form.getInputProps('store')} />
        <NumberInput
          label={t('control.retention')}
          description={t('control.retentionText')}
          min={1}
          allowDecimal={false}
          {...form.getInputProps('days')}
        />
        <NumberInput
          label={t('control.gps')}
          description={t('control.gpsText')}
          min={0}
          max={6}
          allowDecimal={false}
          required
          {...form.getInputProps('decimals')}
        />
        <Select
          label={t('control.blur')}
          description={t(`control.blurText.${form.values.blur}`)}
          data={BLURS.map((blur) => ({ value: blur, label: t(`control.blurs.${blur}`) }))}
          allowDeselect={false}
          {...form.getInputProps('blur')}
        />
        <NumberInput
          label={t('control.hourCost')}
          description={t('control.hourCostText')}
          min={0}
          {...form.getInputProps('cost')}
        />
        <Group>
          <Button type="submit" disabled={!form.isDirty()} loading={save.isPending}>
            {t('common.save')}
          </Button>
          {save.isSuccess && !form.isDirty() && (
            <Text size="sm" role="status">
              {t('common.saved')}
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  )
}

function scaled(value: number | string, unit: number): number | null {
  return value === '' ? null : Math.round(Number(value) * unit)
}
