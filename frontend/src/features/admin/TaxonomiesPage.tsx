/** `/admin/taxonomies`: what is labelled, and the words a detector is asked with. */
import { Button, Kbd, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Category, Taxonomy } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { PageHeader } from '../../ui/PageHeader'
import { taxonomiesQuery } from '../footage/queries'
import classes from './admin.module.css'
import { ChangeCategory } from './ChangeCategory'
import { TaxonomyHistory } from './TaxonomyHistory'

export function TaxonomiesPage() {
  const { t } = useTranslation()
  const taxonomies = useQuery(taxonomiesQuery)
  return (
    <>
      <PageHeader
        above={<TextLink to="/admin">{t('admin.title')}</TextLink>}
        title={t('admin.taxonomies')}
        lead={t('admin.taxonomiesLead')}
      />
      {taxonomies.isError && <ErrorNote error={taxonomies.error} retry={() => void taxonomies.refetch()} />}
      {taxonomies.isPending && <Skeleton h={320} />}
      <Stack gap="xl">
        {taxonomies.data?.results.map((taxonomy) => (
          <Categories key={taxonomy.id} taxonomy={taxonomy} />
        ))}
      </Stack>
    </>
  )
}

function Categories({ taxonomy }: { taxonomy: Taxonomy }) {
  const { t } = useTranslation()
  const mayManage = useRight('workspace.manage')
  const [changing, setChanging] = useState<Category | null>(null)
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {taxonomy.name} v{taxonomy.version}
      </Title>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={50}>#</Table.Th>
            <Table.Th>{t('admin.category')}</Table.Th>
            <Table.Th>{t('admin.phrase')}</Table.Th>
            <Table.Th>{t('admin.group')}</Table.Th>
            <Table.Th>{t('admin.hotkey')}</Table.Th>
            {mayManage && <Table.Td />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {taxonomy.categories.map((category) => (
            <Table.Tr key={category.id}>
              <Table.Td c="dimmed">{category.index}</Table.Td>
              <Table.Td>
                <span className={classes.swatch} style={{ background: category.colour }} />{' '}
                <Text span size="sm" fw={600}>
                  {category.name}
                </Text>
              </Table.Td>
              <Table.Td>{category.phrase}</Table.Td>
              <Table.Td>{t(`admin.groups.${category.group}`)}</Table.Td>
              <Table.Td>{category.hotkey ? <Kbd>{category.hotkey}</Kbd> : '–'}</Table.Td>
              {mayManage && (
                <Table.Td ta="right">
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    aria-label={t('taxonomy.changeOf', { name: category.name })}
                    onClick={() => setChanging(category)}
                  >
                    {t('taxonomy.change')}
                  </Button>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {mayManage && <TaxonomyHistory taxonomy={taxonomy.id} />}
      {changing && <ChangeCategory taxonomy={taxonomy} category={changing} onClose={() => setChanging(null)} />}
    </section>
  )
}
