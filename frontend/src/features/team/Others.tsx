/** Who else is at work, nearest first: on this frame, on this drive, elsewhere. Its width is kept, so that nothing moves. */
import { Avatar, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Present } from '../../api/types'
import { useSession } from '../audit/components/useDesk'
import { queuedFrame } from '../audit/session/queue'
import classes from './team.module.css'

const SHOWN = 4

export function Others() {
  const { t } = useTranslation()
  const others = useSession((state) => state.others)
  const frame = useSession((state) => state.queue.current)
  const drive = useSession((state) => queuedFrame(state.queue, state.queue.current)?.drive ?? null)
  const nearness = (one: Present): number => (one.frame === frame ? 0 : one.drive?.id === drive ? 1 : 2)
  const sentence = (one: Present): string => {
    const { name } = one.user
    if (!one.drive) return t('team.somewhere', { name })
    const near = (['onThisFrame', 'onThisDrive', 'elsewhere'] as const)[nearness(one)] ?? 'elsewhere'
    return t(`team.${near}`, { name, drive: one.drive.name })
  }
  const sorted = [...others].sort((a, b) => nearness(a) - nearness(b))
  return (
    <ul className={classes.others} aria-label={t('team.othersHere')} data-testid="others">
      {sorted.slice(0, SHOWN).map((one) => (
        <li key={one.user.id}>
          <Tooltip label={sentence(one)}>
            <Avatar
              size={24}
              name={one.user.name}
              color={nearness(one) === 0 ? 'orange' : nearness(one) === 1 ? 'blue' : 'gray'}
              variant={nearness(one) === 0 ? 'filled' : 'light'}
              alt={sentence(one)}
              role="img"
              aria-label={sentence(one)}
            />
          </Tooltip>
        </li>
      ))}
      {sorted.length > SHOWN && <li>+{sorted.length - SHOWN}</li>}
    </ul>
  )
}
