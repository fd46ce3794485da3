/** Names of the splits, and a proposal that fills them evenly, with how far its shares are off. */
import { Button, Group, List, NumberInput, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProposedSplits } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import type { Chosen } from './selection'
import { useProposeSplits } from './versionQueries'

export type Scheme = 'plain' | 'gdda'
const WORST = 5

interface ProposeSplitsProps {
  dataset: number
  scheme: Scheme
  includeUnaudited: boolean
  onScheme: (scheme: Scheme) => void
  onProposed: (chosen: Chosen) => void
}

export function ProposeSplits({ dataset, scheme, includeUnaudited, onScheme, onProposed }: ProposeSplitsProps) {
  const { t } = useTranslation()
  const propose = useProposeSplits(dataset)
  const [shares, setShares] = useState({ val: 10, test: 20, seed: 0 })
  const ask = () =>
    propose.mutate(
      {
        scheme,
        val: shares.val / 100,
        test: shares.test / 100,
        seed: shares.seed,
        include_unaudited: includeUnaudited,
      },
      { onSuccess: ({ places }) => onProposed(new Map(places.map(({ drive, split }) => [drive, split]))) },
    )
  const field = (name: keyof typeof shares, label: string, max: number) => (
    <NumberInput
      size="xs"
      w={130}
      label={label}
      min={0}
      max={max}
      value={shares[name]}
      onChange={(value) => setShares({ ...shares, [name]: Number(value) })}
    />
  )
  return (
    <Stack gap="xs">
      <Group align="flex-end" gap="sm">
        <SegmentedControl
          size="xs"
          aria-label={t('versions.scheme')}
          value={scheme}
          onChange={(value) => onScheme(value as Scheme)}
          data={[
            { value: 'plain', label: t('versions.plain') },
            { value: 'gdda', label: t('versions.gdda') },
          ]}
        />
        {scheme === 'plain' && field('val', t('versions.valShare'), 40)}
        {field('test', t('versions.testShare'), 50)}
        {field('seed', t('versions.seed'), 2 ** 31)}
        <Button size="xs" variant="default" loading={propose.isPending} onClick={ask}>
          {t('versions.propose')}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {t('versions.proposeText')}
      </Text>
      {propose.error && <ErrorNote error={propose.error} />}
      {propose.data && <Report report={propose.data.report} />}
    </Stack>
  )
}

function Report({ report }: Pick<ProposedSplits, 'report'>) {
  const { t } = useTranslation()
  const percent = (share: number) => (100 * share).toFixed(1)
  return (
    <div aria-live="polite">
      <Text size="xs" fw={600}>
        {t('versions.off')}
      </Text>
      <List size="xs">
        {report.slice(0, WORST).map(({ stratum, shares, off }) => (
          <List.Item key={stratum}>
            {t('versions.offRow', {
              stratum,
              shares: Object.entries(shares)
                .map(([split, share]) => `${split} ${percent(share)} %`)
                .join(', '),
              off: percent(off),
            })}
          </List.Item>
        ))}
      </List>
    </div>
  )
}
