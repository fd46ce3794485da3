/** The rooms, in the order of the loop. */
import { Stack } from '@mantine/core'
import {
  IconAdjustments,
  IconBox,
  IconBrain,
  IconCar,
  IconChartBar,
  IconChecklist,
  IconDatabase,
  IconHome,
  IconPhotoSearch,
  IconRoute,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import classes from './Shell.module.css'

const ROOMS = [
  { to: '/', label: 'home', icon: IconHome },
  { to: '/dashboard', label: 'dashboard', icon: IconChartBar },
  { to: '/drives', label: 'drives', icon: IconRoute },
  { to: '/audit', label: 'audit', icon: IconChecklist },
  { to: '/explore', label: 'explore', icon: IconPhotoSearch },
  { to: '/datasets', label: 'datasets', icon: IconDatabase },
  { to: '/training', label: 'training', icon: IconBrain },
  { to: '/models', label: 'models', icon: IconBox },
  { to: '/fleet', label: 'fleet', icon: IconCar },
  { to: '/admin', label: 'admin', icon: IconAdjustments },
] as const

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const { t } = useTranslation()
  return (
    <Stack component="nav" gap={2} aria-label={t('shell.rooms')}>
      {ROOMS.map(({ to, label, icon: Picture }) => (
        <Link key={to} to={to} className={classes.link} activeOptions={{ exact: to === '/' }} onClick={onNavigate}>
          <Picture size={18} stroke={1.6} aria-hidden />
          {t(`shell.${label}`)}
        </Link>
      ))}
    </Stack>
  )
}
