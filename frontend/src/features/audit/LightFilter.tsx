/** Frames by day, by night, or both. */

import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export type Light = 'day' | 'night'

interface LightFilterProps {
  readonly value: Light | null
  onChange(light: Light | null): void
}

export function LightFilter({ value, onChange }: LightFilterProps) {
  const { t } = useTranslation()
  return (
    <Select
      aria-label={t('audit.lightFilter')}
      placeholder={t('audit.anyLight')}
      clearable
      w={150}
      data={[
        { value: 'day', label: t('audit.day') },
        { value: 'night', label: t('audit.night') },
      ]}
      value={value}
      onChange={(chosen) => onChange(chosen as Light | null)}
    />
  )
}
