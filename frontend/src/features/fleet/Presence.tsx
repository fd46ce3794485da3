/** Whether a device is there, and what somebody should look at. */
import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Device } from './types'

const COLOURS = { online: 'teal', offline: 'gray', silent: 'red', never: 'gray' } as const
const WARNINGS = ['clock', 'evicted', 'errors', 'blind', 'backlog'] as const

export function Presence({ device }: { device: Device }) {
  const { t } = useTranslation()
  return (
    <Badge variant="light" color={COLOURS[device.presence]}>
      {t(`fleet.presence.${device.presence}`)}
    </Badge>
  )
}

export function Warnings({ device }: { device: Device }) {
  const { t } = useTranslation()
  return WARNINGS.filter((code) => device.warnings.includes(code)).map((code) => (
    <Badge key={code} variant="light" color="orange">
      {t(`fleet.warning.${code}`)}
    </Badge>
  ))
}
