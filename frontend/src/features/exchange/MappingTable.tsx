/** What each category of the file becomes here. */
import { Paper, Select, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Category, CategoryMapping, LabelImport } from '../../api/types'
import { formatCount } from '../../ui/format'
import { IGNORE } from './mapping'

interface MappingTableProps {
  rows: NonNullable<LabelImport['survey']>['categories']
  mapping: CategoryMapping
  categories: Category[]
  disabled: boolean
  onChange: (mapping: CategoryMapping) => void
}

export function MappingTable({ rows, mapping, categories, disabled, onChange }: MappingTableProps) {
  const { t } = useTranslation()
  const choices = [
    ...categories.map(({ name }) => ({ value: name, label: name })),
    { value: IGNORE, label: t('exchange.ignore') },
  ]
  return (
    <Paper withBorder p="md">
      <Text fw={600} mb="xs">
        {t('exchange.mapping')}
      </Text>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('exchange.theirs')}</Table.Th>
            <Table.Th ta="right" w={100}>
              {t('exchange.boxes')}
            </Table.Th>
            <Table.Th w={260}>{t('exchange.ours')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ name, boxes, ignore }) => (
            <Table.Tr key={name}>
              <Table.Td>{ignore ? t('exchange.ignore') : name}</Table.Td>
              <Table.Td ta="right">{formatCount(boxes)}</Table.Td>
              <Table.Td>
                {ignore ? (
                  t('exchange.ignore')
                ) : (
                  <Select
                    size="xs"
                    aria-label={t('exchange.oursOf', { name })}
                    placeholder={t('exchange.choosePlease')}
                    data={choices}
                    disabled={disabled}
                    searchable
                    error={!(name in mapping)}
                    value={name in mapping ? (mapping[name] ?? IGNORE) : null}
                    onChange={(value) => value && onChange({ ...mapping, [name]: value === IGNORE ? null : value })}
                  />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}
