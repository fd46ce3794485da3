/** The map and the table of all devices, and the way to a new one. */
import { Badge, Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconCar, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import { TextLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatAgo, formatCount } from '../../ui/format'
import { FleetMap } from './FleetMap'
import { FleetSettings } from './FleetSettings'
import { Presence, Warnings } from './Presence'
import { devicesQuery } from './queries'
import { RegisterDialog } from './RegisterDialog'
import type { Device } from './types'

export function Devices() {
  const { t } = useTranslation()
  const devices = useQuery(devicesQuery)
  const [registers, setRegisters] = useState(false)
  const may = useRight('fleet.write')
  const button = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setRegisters(true)}>
      {t('fleet.register')}
    </Button>
  )
  return (
    <Stack>
      {devices.isError && <ErrorNote error={devices.error} retry={() => void devices.refetch()} />}
      {devices.isPending && <Skeleton h={240} />}
      {devices.data?.length === 0 && (
        <EmptyState icon={IconCar} title={t('fleet.none')} action={button}>
          {t('fleet.noneText')}
        </EmptyState>
      )}
      {devices.data && devices.data.length > 0 && (
        <>
          <Group justify="flex-end">{button}</Group>
          <FleetMap devices={devices.data} />
          <DeviceTable devices={devices.data} />
          {may && <FleetSettings />}
        </>
      )}
      {registers && <RegisterDialog onClose={() => setRegisters(false)} />}
    </Stack>
  )
}

function DeviceTable({ devices }: { devices: Device[] }) {
  const { t } = useTranslation()
  return (
    <Table.ScrollContainer type="native" minWidth={820}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('fleet.name')}</Table.Th>
            <Table.Th>{t('fleet.state')}</Table.Th>
            <Table.Th>{t('fleet.model')}</Table.Th>
            <Table.Th>{t('fleet.seen')}</Table.Th>
            <Table.Th ta="right">{t('fleet.alarmsToday')}</Table.Th>
            <Table.Th ta="right">{t('fleet.uplinksToday')}</Table.Th>
            <Table.Th ta="right">{t('fleet.waiting')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {devices.map((device) => (
            <Table.Tr key={device.id}>
              <Table.Td>
                <TextLink to="/fleet/$deviceId" params={{ deviceId: String(device.id) }} fw={600} fz="sm">
                  {device.name}
                </TextLink>
                <Text size="xs" c="dimmed">
                  {device.vehicle}
                </Text>
              </Table.Td>
              <Table.Td>
                <Group gap={4}>
                  <Presence device={device} />
                  <Warnings device={device} />
                </Group>
              </Table.Td>
              <Table.Td>{device.model_version || '–'}</Table.Td>
              <Table.Td>{device.last_seen_at ? formatAgo(device.last_seen_at) : '–'}</Table.Td>
              <Table.Td ta="right">{formatCount(device.alarms_today)}</Table.Td>
              <Table.Td ta="right">{formatCount(device.uplinks_today)}</Table.Td>
              <Table.Td ta="right">
                {device.health.waiting === undefined ? (
                  '–'
                ) : (
                  <Badge variant="light" color="gray">
                    {formatCount(device.health.waiting)}
                  </Badge>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
