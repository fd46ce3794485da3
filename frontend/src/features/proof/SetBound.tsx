/** One bound over several samples: of a version's drives, or of a part of the labels that one chooses. */
import { Checkbox, Group, Paper, Select, Skeleton, Text, Title } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { SetBound as Bound } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatCount } from '../../ui/format'
import { percentUp } from '../risk/bound'

type Asked = Record<'group' | 'light' | 'size', string | null>

const CHOICES = {
  group: ['vehicle', 'vulnerable', 'part', 'infrastructure'],
  light: ['day', 'night'],
  size: ['small', 'medium', 'large'],
} as const

const setBoundQuery = (drive: number | null, asked: Asked) =>
  queryOptions({
    queryKey: ['audit-bound', 'set', drive, asked],
    queryFn: ({ signal }) => api.get<Bound>('/audit-bound/', { query: { drive, ...asked }, signal }),
  })

const versionBoundQuery = (version: number) =>
  queryOptions({
    queryKey: ['audit-bound', 'version', version],
    queryFn: ({ signal }) => api.get<Bound>(`/dataset-versions/${version}/audit-bound/`, { signal }),
  })

/** Of a frozen version, as its drives were bounded then. */
export function VersionBound({ version }: { version: number }) {
  const { t } = useTranslation()
  const bound = useQuery(versionBoundQuery(version))
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="version-bound">
      <Title order={2} size="h4" mb={4} id="version-bound">
        {t('risk.bound')}
      </Title>
      {bound.isError && <ErrorNote error={bound.error} />}
      {bound.isPending && <Skeleton h={22} />}
      {bound.data && <Told bound={bound.data} />}
    </Paper>
  )
}

/** Of a part of a drive's labels, or of all drives'. */
export function PartBound({ drive }: { drive: number }) {
  const { t } = useTranslation()
  const [asked, ask] = useState<Asked>({ group: null, light: null, size: null })
  const [everywhere, setEverywhere] = useState(false)
  const bound = useQuery(setBoundQuery(everywhere ? null : drive, asked))
  return (
    <>
      <Group gap="sm" mb="xs">
        {(Object.keys(CHOICES) as (keyof Asked)[]).map((name) => (
          <Select
            key={name}
            size="xs"
            w={170}
            clearable
            aria-label={t(`proof.part.${name}`)}
            placeholder={t(`proof.part.${name}`)}
            data={CHOICES[name].map((value) => ({ value, label: t(`proof.${name}.${value}` as 'proof.light.day') }))}
            value={asked[name]}
            onChange={(value) => ask({ ...asked, [name]: value })}
          />
        ))}
        <Checkbox
          size="xs"
          label={t('proof.part.everywhere')}
          checked={everywhere}
          onChange={(event) => setEverywhere(event.currentTarget.checked)}
        />
      </Group>
      {bound.isError && <ErrorNote error={bound.error} />}
      {bound.isPending && <Skeleton h={22} />}
      {bound.data && <Told bound={bound.data} />}
    </>
  )
}

function Told({ bound }: { bound: Bound }) {
  const { t } = useTranslation()
  const { upper, corrected, undrawn, seen, wrong, labels, confidence } = bound
  if (undrawn.length > 0) return <Text size="sm">{t('proof.part.undrawn', { drives: undrawn.join(', ') })}</Text>
  if (upper === null) return <Text size="sm">{t('proof.part.unknown')}</Text>
  const figures = { seen: formatCount(seen), wrong: formatCount(wrong), labels: formatCount(labels) }
  return (
    <>
      <Text size="sm">
        {t('proof.part.atMost', { upper: percentUp(upper), confidence: `${Math.round(confidence * 100)} %` })}
        {corrected !== null && t('proof.part.corrected', { upper: percentUp(corrected) })}
      </Text>
      <Text size="xs" c="dimmed" mt={4}>
        {t('proof.part.of', figures)}
      </Text>
    </>
  )
}
