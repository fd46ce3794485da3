/** Where the devices were last: points on a plain plane with a scale, no map tiles. */
import { Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import classes from './fleet.module.css'
import { plotted } from './places'
import type { Device } from './types'

const HEIGHT = 220

export function FleetMap({ devices }: { devices: Device[] }) {
  const { t } = useTranslation()
  const { ref, width } = useElementSize<HTMLDivElement>()
  const placed = devices.flatMap((device) =>
    device.lat === null || device.lon === null ? [] : [{ id: device.id, lat: device.lat, lon: device.lon }],
  )
  if (placed.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('fleet.mapNone')}
      </Text>
    )
  const { points, km, barWidth } = plotted(placed, Math.max(width, 1), HEIGHT)
  return (
    <nav
      ref={ref}
      className={classes.map}
      style={{ height: HEIGHT }}
      aria-label={t('fleet.map', { count: placed.length })}
    >
      {width > 0 &&
        points.map(({ id, x, y }) => {
          const device = devices.find((one) => one.id === id)
          return (
            <Link
              key={id}
              to="/fleet/$deviceId"
              params={{ deviceId: String(id) }}
              className={classes.point}
              data-presence={device?.presence}
              style={{ left: x, top: y }}
            >
              <span>{device?.name}</span>
            </Link>
          )
        })}
      <div className={classes.bar} style={{ width: barWidth }}>
        {t('fleet.scale', { km })}
      </div>
    </nav>
  )
}
