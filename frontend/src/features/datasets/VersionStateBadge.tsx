import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { VersionState } from '../../api/types'

const COLOURS: Record<VersionState, string> = { freezing: 'blue', frozen: 'teal', failed: 'red' }

export function VersionStateBadge({ state }: { state: VersionState }) {
  const { t } = useTranslation()
  return (
    <Badge variant="light" color={COLOURS[state]}>
      {t(`datasets.state.${state}`)}
    </Badge>
  )
}
