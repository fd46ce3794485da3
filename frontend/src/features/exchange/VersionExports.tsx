/** A version in other formats than COCO: each says what it cannot hold before it is made. */
import { Button, Checkbox, Group, Paper, Select, Stack, Text } from '@mantine/core'
import { IconDownload, IconFileExport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { VersionExport } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatBytes } from '../../ui/format'
import { JobCard } from '../jobs/JobCard'
import { exportsQuery, exportUrl, formatsQuery, useExport } from './queries'

export function VersionExports({ version }: { version: number }) {
  const { t } = useTranslation()
  const mayExport = useRight('dataset.write')
  const formats = useQuery(formatsQuery)
  const made = useQuery(exportsQuery(version))
  const order = useExport(version)
  const [name, setName] = useState('yolo')
  const [pictures, setPictures] = useState(false)
  const [blur, setBlur] = useState(false)
  const writing = (formats.data?.results ?? []).filter((one) => one.writes && one.name !== 'coco')
  const chosen = writing.find((one) => one.name === name)
  const lost = chosen?.loses.map((feature) => t(`exchange.feature.${feature}`)).join(', ')
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Text fw={600}>{t('exchange.otherFormats')}</Text>
        {order.error && <ErrorNote error={order.error} />}
        <Group gap="sm" align="flex-end">
          <Select
            label={t('exchange.format')}
            data={writing.map(({ name: value, title: label }) => ({ value, label }))}
            value={name}
            onChange={(value) => value && setName(value)}
          />
          <Checkbox
            label={t('exchange.withPictures')}
            checked={pictures}
            mb={8}
            onChange={(event) => setPictures(event.currentTarget.checked)}
          />
          <Checkbox
            label={t('exchange.blurred')}
            checked={pictures && blur}
            disabled={!pictures}
            mb={8}
            onChange={(event) => setBlur(event.currentTarget.checked)}
          />
          <Button
            leftSection={<IconFileExport size={16} />}
            disabled={!mayExport || !chosen}
            loading={order.isPending}
            onClick={() => order.mutate({ format: name, with_pictures: pictures, blurred: pictures && blur })}
          >
            {t('exchange.export')}
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          {lost ? t('exchange.loses', { what: lost }) : t('exchange.holdsAll')}
        </Text>
        {made.data?.results.map((one) => (
          <Made key={one.id} one={one} title={writing.find((f) => f.name === one.format)?.title ?? one.format} />
        ))}
      </Stack>
    </Paper>
  )
}

function Made({ one, title }: { one: VersionExport; title: string }) {
  const { t } = useTranslation()
  if (!one.ready) return one.job ? <JobCard job={one.job} /> : null
  return (
    <Group gap="sm">
      <Button
        component="a"
        href={exportUrl(one.id)}
        download
        size="xs"
        variant="light"
        leftSection={<IconDownload size={14} />}
        aria-label={`${t('exchange.download')} ${title}`}
      >
        {title}
        {one.with_pictures && ` · ${t(one.blurred ? 'exchange.blurred' : 'exchange.withPictures')}`}
      </Button>
      <Text size="xs" c="dimmed">
        {formatBytes(one.size)}
      </Text>
    </Group>
  )
}
