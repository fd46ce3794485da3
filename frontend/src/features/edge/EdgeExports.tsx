/** What was packed of a model for devices: each zip with its figures, each refusal with its reasons. */
import { Button, Group, Paper, Table, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCpu } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import { ErrorNote } from '../../ui/ErrorNote'
import { EdgeExportRow } from './EdgeExportRow'
import { ExportDialog } from './ExportDialog'
import { edgeExportsQuery } from './queries'

const NUMBERS = ['size', 'ap', 'ap8', 'lost', 'ms', 'x3'] as const
const COLUMNS = NUMBERS.length + 4

export function EdgeExports({ model }: { model: { id: number; name: string } }) {
  const { t } = useTranslation()
  const exports = useQuery(edgeExportsQuery(model.id))
  const mayWrite = useRight('model.write')
  const [asking, ask] = useDisclosure()
  const rows = exports.data?.results ?? []
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="for-devices">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="for-devices">
          {t('edge.title')}
        </Title>
        {mayWrite && (
          <Button size="xs" variant="default" leftSection={<IconCpu size={16} />} onClick={ask.open}>
            {t('edge.export')}
          </Button>
        )}
      </Group>
      {exports.isError && <ErrorNote error={exports.error} retry={() => void exports.refetch()} />}
      <Text size="sm" c="dimmed" mb="xs">
        {exports.data && rows.length === 0 ? t('edge.none') : t('edge.lead')}
      </Text>
      {rows.length > 0 && (
        <Table.ScrollContainer type="native" minWidth={760}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Td w={36} />
                <Table.Th>{t('edge.target')}</Table.Th>
                <Table.Th>{t('edge.input')}</Table.Th>
                {NUMBERS.map((name) => (
                  <Table.Th key={name} ta="right">
                    {t(`edge.${name}`)}
                  </Table.Th>
                ))}
                <Table.Td />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <EdgeExportRow key={row.id} row={row} columns={COLUMNS} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {asking && <ExportDialog model={model} onClose={ask.close} />}
    </Paper>
  )
}
