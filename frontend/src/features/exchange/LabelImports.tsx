/** A drive's files of labels: add one, see what became of each. */
import { Button, Group, Progress, Table, Text, Title } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Drive, LabelImport } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { formatBytes, formatCount } from '../../ui/format'
import { uploads, useUploads } from '../footage/upload/pageUploads'
import type { UploadEntry } from '../footage/upload/uploads'
import { ImportStateBadge } from './ImportStateBadge'
import { importsQuery } from './queries'

const ACCEPTED = '.zip,.json,.xml'

export function LabelImports({ drive }: { drive: Drive }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const mayImport = useRight('footage.write')
  const imports = useQuery(importsQuery(drive.id))
  const moving = useUploads(drive.id).filter(({ purpose, state }) => purpose === 'labels' && state !== 'done')
  useReadWhenUploaded(drive.id)
  const rows = imports.data?.results ?? []
  if (!mayImport && rows.length === 0) return null
  return (
    <section>
      <Group justify="space-between" mt="lg" mb={4} wrap="nowrap">
        <div>
          <Title order={2} size="h4">
            {t('exchange.labels')}
          </Title>
          <Text size="xs" c="dimmed">
            {t('exchange.kinds')}
          </Text>
        </div>
        {mayImport && (
          <>
            <input
              ref={input}
              type="file"
              hidden
              accept={ACCEPTED}
              aria-label={t('exchange.choose')}
              onChange={(event) => {
                uploads.add(drive.id, Array.from(event.currentTarget.files ?? []), 'labels')
                event.currentTarget.value = ''
              }}
            />
            <Button
              variant="default"
              size="xs"
              leftSection={<IconFileImport size={14} />}
              onClick={() => input.current?.click()}
            >
              {t('exchange.choose')}
            </Button>
          </>
        )}
      </Group>
      {moving.map((entry) => (
        <Moving key={entry.key} entry={entry} />
      ))}
      {rows.length > 0 && <ImportTable drive={drive.id} rows={rows} />}
    </section>
  )
}

function Moving({ entry }: { entry: UploadEntry }) {
  return (
    <Group gap="sm" wrap="nowrap" my={4}>
      <Text size="sm" truncate style={{ flex: 1 }}>
        {entry.name}
      </Text>
      {entry.problem ? (
        <Text size="sm" c="red">
          {entry.problem}
        </Text>
      ) : (
        <Progress value={(100 * entry.sent) / Math.max(1, entry.size)} w={200} aria-label={entry.name} />
      )}
    </Group>
  )
}

function ImportTable({ drive, rows }: { drive: number; rows: LabelImport[] }) {
  const { t } = useTranslation()
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('exchange.file')}</Table.Th>
          <Table.Th w={110}>{t('exchange.stateColumn')}</Table.Th>
          <Table.Th w={160}>{t('exchange.format')}</Table.Th>
          <Table.Th ta="right" w={90}>
            {t('exchange.boxes')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((one) => (
          <Table.Tr key={one.id}>
            <Table.Td>
              <TextLink
                to="/drives/$driveId/imports/$importId"
                params={{ driveId: String(drive), importId: String(one.id) }}
                fz="sm"
                fw={600}
              >
                {one.filename}
              </TextLink>{' '}
              <Text span size="xs" c="dimmed">
                {formatBytes(one.size)}
              </Text>
            </Table.Td>
            <Table.Td>
              <ImportStateBadge state={one.state} />
            </Table.Td>
            <Table.Td>{one.format}</Table.Td>
            <Table.Td ta="right">{one.survey ? formatCount(one.survey.boxes) : '–'}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

/** A finished upload is an import now. */
function useReadWhenUploaded(drive: number): void {
  const queries = useQueryClient()
  const done = useUploads(drive).filter(({ purpose, state }) => purpose === 'labels' && state === 'done').length
  useEffect(() => {
    if (done > 0) void queries.invalidateQueries({ queryKey: ['label-imports', 'of', drive] })
  }, [done, drive, queries])
}
