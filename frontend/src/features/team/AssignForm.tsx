/** A lead gives a drive, a category, or a category of a drive to a person. */
import { Button, Checkbox, Group, Select, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorText } from '../../api/errors'
import { CategoryFilter } from '../audit/CategoryFilter'
import { drivesQuery } from '../footage/queries'
import { peopleQuery, useAssign } from './queries'

export function AssignForm() {
  const { t } = useTranslation()
  const people = useQuery(peopleQuery)
  const drives = useQuery(drivesQuery)
  const assign = useAssign()
  const [user, setUser] = useState<string | null>(null)
  const [drive, setDrive] = useState<string | null>(null)
  const [category, setCategory] = useState<number | null>(null)
  const [alone, setAlone] = useState(false)
  const ready = user !== null && (drive !== null || category !== null)
  const send = (): void =>
    assign.mutate(
      { user: Number(user), drive: drive === null ? null : Number(drive), category, alone },
      { onSuccess: () => [setDrive(null), setCategory(null)] },
    )
  return (
    <form
      aria-label={t('team.assign')}
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) send()
      }}
    >
      <Group gap="xs" mb="xs">
        <Select
          aria-label={t('team.person')}
          placeholder={t('team.person')}
          searchable
          data={(people.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
          value={user}
          onChange={setUser}
        />
        <Select
          aria-label={t('audit.drive')}
          placeholder={t('team.anyDrive')}
          clearable
          searchable
          data={(drives.data?.results ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
          value={drive}
          onChange={setDrive}
        />
        <CategoryFilter
          label={t('team.category')}
          placeholder={t('audit.anyCategory')}
          value={category}
          onChange={setCategory}
        />
        <Checkbox
          label={t('team.alone')}
          description={t('team.aloneText')}
          checked={alone}
          onChange={(event) => setAlone(event.currentTarget.checked)}
        />
        <Button type="submit" disabled={!ready} loading={assign.isPending}>
          {t('team.assign')}
        </Button>
      </Group>
      {assign.isError && (
        <Text size="sm" c="red" role="alert">
          {errorText(assign.error)}
        </Text>
      )}
    </form>
  )
}
