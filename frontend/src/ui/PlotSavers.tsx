/** What a plot shows as a picture or a table. */
import { ActionIcon, Group, Tooltip } from '@mantine/core'
import { IconPhotoDown, IconTableDown } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type uPlot from 'uplot'
import { save } from './save'

interface PlotSaversProps {
  title: string
  /** None where only numbers are shown. */
  plot?: () => uPlot | null
  csv: () => string
  className?: string | undefined
}

export function PlotSavers({ title, plot, csv, className }: PlotSaversProps) {
  const { t } = useTranslation()
  return (
    <Group justify="flex-end" gap={4} className={className}>
      {plot && <Saver label={t('common.savePng')} icon={IconPhotoDown} onClick={() => savePng(plot(), title)} />}
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

/** The canvas on the page's own ground, as the canvas itself is clear. */
function savePng(plot: uPlot | null, title: string): void {
  if (!plot) return
  const canvas = document.createElement('canvas')
  canvas.width = plot.ctx.canvas.width
  canvas.height = plot.ctx.canvas.height
  const context = canvas.getContext('2d')
  if (!context) return
  context.fillStyle = getComputedStyle(document.body).backgroundColor
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(plot.ctx.canvas, 0, 0)
  canvas.toBlob((blob) => blob && save(blob, `${title}.png`))
}
