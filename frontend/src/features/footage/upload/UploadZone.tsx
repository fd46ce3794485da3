/** Drop files or folders here, or choose them; below, what is on its way. */
import { Button, Group, Text } from '@mantine/core'
import { IconFolder, IconUpload } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type DragEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Drive } from '../../../api/types'
import { notifyError } from '../../../ui/notify'
import classes from '../footage.module.css'
import { droppedFiles, visible } from './dropped'
import { uploads, useUploads } from './pageUploads'
import { Unfinished } from './Unfinished'
import { UploadList } from './UploadList'

const ACCEPTED = '.mp4,.mov,.mkv,.avi,.webm,.jpg,.jpeg,.png,.webp,.bmp,.tif,.tiff,.zip'

export function UploadZone({ drive }: { drive: Drive }) {
  const { t } = useTranslation()
  const [over, setOver] = useState(false)
  const add = (files: File[]) => uploads.add(drive.id, files)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    droppedFiles(event.dataTransfer).then(add, notifyError)
  }
  useRefreshAfterUploads(drive.id)
  return (
    <section aria-label={t('footage.upload')}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a drop target; the buttons in it do the same by keyboard */}
      <div
        className={classes.zone}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconUpload size={22} stroke={1.5} aria-hidden />
        <div className={classes.zoneText}>
          <Text size="sm" fw={600}>
            {t('footage.dropHere')}
          </Text>
          <Text size="xs" c="dimmed">
            {t('footage.dropKinds')}
          </Text>
        </div>
        <Group gap="xs">
          <Chooser label={t('footage.chooseFiles')} onFiles={add} />
          <Chooser label={t('footage.chooseFolder')} onFiles={add} folder />
        </Group>
      </div>
      <Unfinished drive={drive.id} />
      <UploadList drive={drive.id} />
    </section>
  )
}

interface ChooserProps {
  label: string
  onFiles: (files: File[]) => void
  folder?: boolean
}

function Chooser({ label, onFiles, folder = false }: ChooserProps) {
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  useEffect(() => {
    if (folder) input.current?.setAttribute('webkitdirectory', '')
  }, [folder])
  return (
    <>
      <input
        id={id}
        ref={input}
        type="file"
        multiple
        hidden
        accept={folder ? undefined : ACCEPTED}
        aria-label={label}
        onChange={(event) => {
          onFiles(visible(Array.from(event.currentTarget.files ?? [])))
          event.currentTarget.value = ''
        }}
      />
      <Button
        variant="default"
        size="xs"
        leftSection={folder ? <IconFolder size={14} /> : <IconUpload size={14} />}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
    </>
  )
}

/** A finished upload is a clip now: read the drive again. */
function useRefreshAfterUploads(drive: number): void {
  const queries = useQueryClient()
  const done = useUploads(drive).filter(({ state }) => state === 'done').length
  useEffect(() => {
    if (done > 0) void queries.invalidateQueries({ queryKey: ['drives', drive] })
  }, [done, drive, queries])
}
