import { Badge, Tooltip } from '@mantine/core'
import { IconStarFilled } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

export function ServingBadge() {
  const { t } = useTranslation()
  return (
    <Tooltip label={t('models.servingHelp')}>
      <Badge variant="light" color="teal" size="sm" leftSection={<IconStarFilled size={10} />} style={{ flex: 'none' }}>
        {t('models.serving')}
      </Badge>
    </Tooltip>
  )
}
