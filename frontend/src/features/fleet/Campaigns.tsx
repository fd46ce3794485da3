/** What the fleet is asked to bring: a sentence for each, and how far it is. */
import { Badge, Button, Group, Progress, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { IconTarget } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorText } from '../../api/errors'
import { useRight } from '../../api/me'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import classes from './fleet.module.css'
import { campaignsQuery, moveCampaign, startCampaign, useFleetWrite } from './queries'
import type { Campaign } from './types'

export function Campaigns() {
  const { t } = useTranslation()
  const campaigns = useQuery(campaignsQuery)
  const may = useRight('fleet.write')
  return (
    <Stack maw={860}>
      {may && <NewCampaign />}
      {campaigns.isError && <ErrorNote error={campaigns.error} retry={() => void campaigns.refetch()} />}
      {campaigns.isPending && <Skeleton h={160} />}
      {campaigns.data?.length === 0 && (
        <EmptyState icon={IconTarget} title={t('fleet.campaignsNone')}>
          {t('fleet.campaignsNoneText')}
        </EmptyState>
      )}
      {campaigns.data?.map((campaign) => (
        <CampaignRow key={campaign.id} campaign={campaign} may={may} />
      ))}
    </Stack>
  )
}

function NewCampaign() {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const start = useFleetWrite(startCampaign, { quiet: true })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start.mutate(text, { onSuccess: () => setText('') })
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-start">
        <TextInput
          style={{ flex: 1 }}
          label={t('fleet.campaignText')}
          description={t('fleet.campaignExample')}
          value={text}
          required
          maxLength={300}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          error={start.error ? errorText(start.error) : undefined}
        />
        <Button type="submit" mt={41} loading={start.isPending}>
          {t('fleet.campaignStart')}
        </Button>
      </Group>
    </form>
  )
}

function CampaignRow({ campaign, may }: { campaign: Campaign; may: boolean }) {
  const { t } = useTranslation()
  const move = useFleetWrite(moveCampaign)
  const { id, state = 'running', brought } = campaign
  const to = (next: string) => () => move.mutate({ id, state: next })
  return (
    <div className={classes.row}>
      <Stack gap={4} style={{ flex: 1 }}>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {campaign.text}
          </Text>
          <Badge variant="light" color={state === 'running' ? 'teal' : 'gray'}>
            {t(`fleet.campaignState.${state}`)}
          </Badge>
        </Group>
        <Progress value={(100 * brought) / campaign.rule.total} size="sm" aria-label={campaign.text} />
        <Text size="xs" c="dimmed">
          {t('fleet.brought', { count: brought, total: campaign.rule.total, today: campaign.brought_today })}
        </Text>
      </Stack>
      {may && state !== 'ended' && (
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={to(state === 'running' ? 'paused' : 'running')}>
            {t(state === 'running' ? 'fleet.pause' : 'fleet.goOn')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={to('ended')}>
            {t('fleet.end')}
          </Button>
        </Group>
      )}
    </div>
  )
}
