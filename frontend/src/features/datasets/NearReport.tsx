/** Frames that look alike: what left a split for it, how much repeats, and some of them to look at. */
import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DataCard } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { formatCount } from '../../ui/format'

const SHOWN = 5

export function NearReport({ near }: { near: DataCard['near'] }) {
  const { t } = useTranslation()
  const leftOut = Object.entries(near.left_out)
  const within = Object.entries(near.within)
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {t('versions.near')}
      </Text>
      {leftOut.length + within.length === 0 && <Text size="sm">{t('versions.nearNone')}</Text>}
      <List size="sm">
        {leftOut.map(([split, count]) => (
          <List.Item key={`out ${split}`}>{t('versions.nearLeftOut', { split, n: formatCount(count) })}</List.Item>
        ))}
        {within.map(([split, count]) => (
          <List.Item key={`in ${split}`}>{t('versions.nearWithin', { split, n: formatCount(count) })}</List.Item>
        ))}
        {near.examples.slice(0, SHOWN).map(({ frame, name, split, kept_name, kept_split }) => (
          <List.Item key={frame}>
            <TextLink to="/audit/desk" search={{ frame }} fz="sm">
              {t('versions.nearExample', { name, split, kept: kept_name, keptSplit: kept_split })}
            </TextLink>
          </List.Item>
        ))}
      </List>
      <Text size="xs" c="dimmed" mt={4}>
        {t('versions.nearRule', { bits: near.max_distance })}
      </Text>
    </div>
  )
}
