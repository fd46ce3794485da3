/** Which models have served in this workspace, the latest first, and why. */
import { Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ModelDetail, Promotion } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatDate } from '../../ui/format'
import { ModelLink } from './links'
import { promotionsQuery } from './queries'
import { ServingBadge } from './ServingBadge'

export function Promotions({ model }: { model: ModelDetail }) {
  const { t } = useTranslation()
  const promotions = useQuery(promotionsQuery)
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="promotions">
      <Title order={2} size="h4" mb="xs" id="promotions">
        {t('models.promotions')}
      </Title>
      {promotions.isError && <ErrorNote error={promotions.error} retry={() => void promotions.refetch()} />}
      {promotions.isPending && <Skeleton h={40} />}
      {promotions.data?.results.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('models.neverPromoted')}
        </Text>
      )}
      <Stack gap="sm">
        {promotions.data?.results.map((promotion) => (
          <Entry key={promotion.id} promotion={promotion} here={promotion.model.id === model.id} />
        ))}
      </Stack>
    </Paper>
  )
}

function Entry({ promotion: { model, by, note, current, at }, here }: { promotion: Promotion; here: boolean }) {
  const { t } = useTranslation()
  return (
    <div>
      <Group gap="xs">
        {here ? (
          <Text size="sm" fw={600}>
            {model.name}
          </Text>
        ) : (
          <ModelLink model={model} />
        )}
        {current && <ServingBadge />}
        <Text size="xs" c="dimmed">
          {formatDate(at)} {t('models.by', { name: by })}
        </Text>
      </Group>
      {note && <Text size="sm">{note}</Text>}
    </div>
  )
}
