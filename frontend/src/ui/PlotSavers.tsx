/** What a plot or a table shows, as a picture or as cells. */
import { ActionIcon, Group, Tooltip } from '@mantine/core'
import { IconPhotoDown, IconTableDown } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { save } from './save'

interface PlotSaversProps {
  title: string
  /** None while it is not drawn. */
  picture: () => HTMLCanvasElement | null
  csv: () => string
  className?: string | undefined
}

export function PlotSavers({ title, picture, csv, className }: PlotSaversProps) {
  const { t } = useTranslation()
  return (
    <Group justify="flex-end" gap={4} className={className}>
      <Saver label={t('common.savePng')} icon={IconPhotoDown} onClick={() => savePng(picture(), title)} />
      <Saver
        label={t('common.saveCsv')}
        icon={IconTableDown}
        onClick={() => save(new Blob([csv()], { type: 'text/csv' }), `${title}.csv`)}
      />
    </Group>
  )
}

function Saver({ label, icon: Picture, onClick }: { label: string; icon: typeof IconPhotoDown; onClick: () => void }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        <Picture size={16} />
      </ActionIcon>
    </Tooltip>
  )
}

function savePng(picture: HTMLCanvasElement | null, title: string): void {
  picture?.toBlob((blob) => blob && save(blob, `${title}.png`))
}
