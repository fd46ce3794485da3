/** The way to frames that no model has labelled, to be annotated from nothing. */

import { IconPencil } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../ui/ButtonLink'

/** Nothing where no such frame waits; in a drive's row it is small. */
export function FromNothing({
  drive,
  frames,
  small = false,
}: {
  drive: number | null
  frames: number
  small?: boolean
}) {
  const { t } = useTranslation()
  if (frames === 0) return null
  return (
    <ButtonLink
      to="/audit/desk"
      search={{ state: 'new', drive: drive ?? undefined }}
      variant={small ? 'subtle' : 'default'}
      size={small ? 'compact-sm' : undefined}
      leftSection={<IconPencil size={16} />}
    >
      {t('audit.fromNothing', { count: frames })}
    </ButtonLink>
  )
}
