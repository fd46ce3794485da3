/** What was changed of a taxonomy, by whom, and the way back. */
import { Badge, Button, Group, List, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { formatDate } from '../../ui/format'
import { taxonomyChangesQuery, useUndoTaxonomyChange } from './queries'

export function TaxonomyHistory({ taxonomy }: { taxonomy: number }) {
  const { t } = useTranslation()
  const changes = useQuery(taxonomyChangesQuery(taxonomy))
  const undo = useUndoTaxonomyChange()
  if (!changes.data?.length) return null
  const latest = changes.data.find(({ state }) => state !== 'undone')
  return (
    <List size="sm" mt="sm" listStyleType="none" aria-label={t('taxonomy.history')}>
      {changes.data.map((change) => (
        <List.Item key={change.id}>
          <Group gap="xs">
            <Badge variant="light">{t(`taxonomy.kinds.${change.kind}`)}</Badge>
            <Text span size="sm">
              {formatDate(change.created_at)} · {change.asked_by.name}
            </Text>
            <Badge variant="outline">{t(`taxonomy.states.${change.state}`)}</Badge>
            {change.job?.error && (
              <Text span size="sm" c="red">
                {change.job.error.detail}
              </Text>
            )}
            {change === latest && (change.state === 'done' || change.stopped) && (
              <Button
                size="compact-xs"
                variant="default"
                loading={undo.isPending}
                onClick={() => undo.mutate(change.id)}
              >
                {t('audit.undo')}
              </Button>
            )}
          </Group>
        </List.Item>
      ))}
    </List>
  )
}
