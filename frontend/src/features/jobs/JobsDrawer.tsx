/** The newest jobs beside any page. */
import { Drawer, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../ui/ButtonLink'
import { JobList } from './JobList'

export function JobsDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="md" title={t('jobs.title')}>
      {opened && <JobList limit={30} />}
      <Text size="sm" mt="md">
        <TextLink to="/jobs" onClick={onClose}>
          {t('jobs.all')}
        </TextLink>
      </Text>
    </Drawer>
  )
}
