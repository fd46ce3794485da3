import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { LabelImport } from '../../api/types'

const COLOURS: Record<LabelImport['state'], string> = {
  surveying: 'blue',
  ready: 'yellow',
  importing: 'blue',
  imported: 'teal',
  failed: 'red',
}

export function ImportStateBadge({ state }: { state: LabelImport['state'] }) {
  const { t } = useTranslation()
  return (
    <Badge variant="light" color={COLOURS[state]}>
      {t(`exchange.state.${state}`)}
    </Badge>
  )
}
