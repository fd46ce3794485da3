/** What waits, for whom, and the way to it. Nothing waiting is said too, with what could be done next. */
import { Group, Paper, Stack, Text } from '@mantine/core'
import { IconArrowRight, IconCircleCheck, IconRoute } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Overview } from '../../api/types'
import { ButtonLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'

export function Waiting({ overview }: { overview: Overview }) {
  const { t } = useTranslation()
  if (overview.footage.drives === 0)
    return (
      <EmptyState
        icon={IconRoute}
        title={t('home.begin')}
        action={<ButtonLink to="/drives">{t('home.beginAction')}</ButtonLink>}
      >
        {t('home.beginText')}
      </EmptyState>
    )
  if (overview.waiting.length === 0)
    return (
      <EmptyState
        icon={IconCircleCheck}
        title={t('home.nothingWaits')}
        action={
          <ButtonLink to="/drives" variant="default">
            {t('home.beginAction')}
          </ButtonLink>
        }
      >
        {t('home.nothingWaitsText')}
      </EmptyState>
    )
  return (
    <Stack gap="xs">
      {overview.waiting.map(({ what, count, link }) => (
        <Paper key={what} withBorder px="md" py="xs">
          <Group justify="space-between" wrap="nowrap">
            <div>
              <Text size="sm" fw={600}>
                {t(`home.waits.${what}`, { count })}
              </Text>
              <Text size="xs" c="dimmed">
                {t(`home.waitsFor.${what}`)}
              </Text>
            </div>
            <ButtonLink to={link} size="compact-sm" variant="light" rightSection={<IconArrowRight size={14} />}>
              {t(`home.act.${what}`)}
            </ButtonLink>
          </Group>
        </Paper>
      ))}
    </Stack>
  )
}
