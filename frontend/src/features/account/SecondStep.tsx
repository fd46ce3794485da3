/** The second step of the login: set up with an app on the phone, recovery codes, switched off. */
import { Badge, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatDate } from '../../ui/format'
import { type Authenticator, authenticatorsQuery, useNewCodes, useReadCodes, useSwitchOff } from './queries'
import { RecoveryCodes } from './RecoveryCodes'
import { SetUp } from './SetUp'

export function SecondStep() {
  const { t } = useTranslation()
  const { data, ...query } = useQuery(authenticatorsQuery)
  const [codes, setCodes] = useState<string[]>()
  const app = data?.find(({ type }) => type === 'totp')
  return (
    <section aria-labelledby="second-step">
      <Group gap="sm" mb="xs">
        <Title order={2} size="h4" id="second-step">
          {t('account.secondStep')}
        </Title>
        {data && (
          <Badge variant="light" color={app ? 'teal' : 'gray'}>
            {app ? t('account.on') : t('account.off')}
          </Badge>
        )}
      </Group>
      <Stack gap="sm" align="flex-start">
        {query.isError && <ErrorNote error={query.error} retry={() => void query.refetch()} />}
        {query.isPending && <Skeleton h={60} />}
        {data && !app && <SetUp onDone={setCodes} />}
        {app && <InUse app={app} codes={data?.find(({ type }) => type === 'recovery_codes')} onCodes={setCodes} />}
        {app && codes && <RecoveryCodes codes={codes} />}
      </Stack>
    </section>
  )
}

interface InUseProps {
  app: Authenticator
  codes?: Authenticator
  onCodes: (codes: string[] | undefined) => void
}

function InUse({ app, codes, onCodes }: InUseProps) {
  const { t } = useTranslation()
  const read = useReadCodes()
  const renew = useNewCodes()
  const off = useSwitchOff()
  return (
    <>
      <Text size="sm">
        {t('account.onSince', { at: date(app.created_at) })}{' '}
        {app.last_used_at !== null && t('account.lastUsed', { at: date(app.last_used_at) })}{' '}
        {codes && t('account.codesLeft', { left: codes.unused_code_count, total: codes.total_code_count })}
      </Text>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          loading={read.isPending}
          onClick={() => read.mutate(undefined, { onSuccess: onCodes })}
        >
          {t('account.showCodes')}
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={renew.isPending}
          onClick={() => renew.mutate(undefined, { onSuccess: onCodes })}
        >
          {t('account.newCodes')}
        </Button>
        <Button
          size="xs"
          variant="subtle"
          color="red"
          loading={off.isPending}
          onClick={() => off.mutate(undefined, { onSuccess: () => onCodes(undefined) })}
        >
          {t('account.switchOff')}
        </Button>
      </Group>
    </>
  )
}

function date(seconds: number): string {
  return formatDate(new Date(seconds * 1000).toISOString())
}
