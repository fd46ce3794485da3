/** `/explore`: frames or labels by any filter, how they are spread, what looks alike; the address holds the question. */
import { Group, SegmentedControl, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { formatCount } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { ExploreFilters } from './ExploreFilters'
import { Gallery } from './Gallery'
import { histogramsQuery } from './queries'
import { SimilarGallery } from './SimilarGallery'
import { SliceBar } from './SliceBar'
import { Spreads } from './Spreads'
import { type Asked, type ExploreSearch, kindOf } from './search'

export function ExplorePage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/member/shell/explore' })
  const go = useGo()
  const spread = useQuery(histogramsQuery(search))
  const kind = kindOf(search)
  const alike = search.like_frame !== undefined || search.like_label !== undefined
  // A changed question is no longer the slice's. What is undefined leaves the address.
  const ask = (change: Partial<Asked>): void => go({ ...search, slice: undefined, ...change })
  return (
    <>
      <PageHeader
        title={t('explore.title')}
        lead={t('explore.lead')}
        actions={
          <SegmentedControl
            aria-label={t('explore.kind')}
            value={kind}
            onChange={(chosen) =>
              go({ ...search, kind: chosen === 'crops' ? 'crops' : undefined, ...NOT_ALIKE, slice: undefined })
            }
            data={[
              { value: 'frames', label: t('explore.frames') },
              { value: 'crops', label: t('explore.crops') },
            ]}
          />
        }
      />
      <ExploreFilters search={search} onAsk={ask} onClear={() => go(kind === 'crops' ? { kind } : {})} />
      <SliceBar search={search} go={go} />
      <Spreads spread={spread.data} error={spread.error} asked={search} onAsk={ask} />
      <Group justify="space-between" mb="xs" mih={26}>
        <Text size="sm" c="dimmed" aria-live="polite">
          {spread.data && !alike
            ? t(spread.data.exact ? `explore.count.${kind}` : `explore.about.${kind}`, {
                count: spread.data.count,
                number: formatCount(spread.data.count),
              })
            : ''}
        </Text>
        <Text size="xs" c="dimmed">
          {t('explore.keys')}
        </Text>
      </Group>
      {alike ? (
        <SimilarGallery search={search} onLike={(like) => go({ ...search, ...NOT_ALIKE, ...like })} />
      ) : (
        <Gallery search={search} onLike={(like) => go({ ...search, ...like })} />
      )}
    </>
  )
}

const NOT_ALIKE = { like_frame: undefined, like_label: undefined } as const

/** A new question is a step of the browser's history, so that Back undoes it. */
function useGo(): (search: ExploreSearch) => void {
  const navigate = useNavigate()
  return (search) => void navigate({ to: '/explore', search, resetScroll: false })
}
