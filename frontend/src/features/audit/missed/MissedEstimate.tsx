/** How many objects of the drive's audited frames nobody has found, in words, with what that rests on. */

import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client'
import type { MissedEstimate as Estimate } from '../../../api/types'

export function MissedEstimate({ drive }: { drive: number }) {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: ['audit', 'missed-estimate', drive],
    queryFn: () => api.get<Estimate>(`/drives/${drive}/missed-estimate/`),
  })
  if (!data) return <Text size="sm" h={40} mb="xs" />
  const { estimate, second, found_first: first, found_second: other, found_both: both, frames } = data
  return (
    <Text size="sm" mih={40} mb="xs" data-testid="missed-estimate">
      {estimate
        ? t('missed.estimate', {
            missing: estimate.missing.toFixed(0),
            lower: estimate.lower.toFixed(0),
            upper: Math.ceil(estimate.upper),
            frames,
          })
        : t(second ? 'missed.tooFew' : 'missed.oneFinder')}{' '}
      <Text span c="dimmed" size="sm">
        {second && t('missed.restsOn', { first, other, both, second: second.name })}
      </Text>
    </Text>
  )
}
