/** Over the desk: two labellings of the shown frame. Nothing can be changed here, and nothing of the sitting is lost. */
import { Group, Select, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LabelSource } from '../../../api/types'
import { ErrorNote } from '../../../ui/ErrorNote'
import { DeskDialog } from '../components/DeskDialog'
import { useDesk, useEditor } from '../components/useDesk'
import { CompareView } from './CompareView'
import { comparisonQuery, sourcesQuery } from './queries'

export function CompareDialog() {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const opened = useEditor((state) => state.dialog === 'compare')
  const frame = useEditor((state) => state.labelled?.frame ?? null)
  return (
    <DeskDialog
      opened={opened}
      onClose={() => editor.set({ dialog: null })}
      title={t('view.compare.title')}
      size="80rem"
    >
      {frame && <Sources key={frame.id} frame={frame} />}
    </DeskDialog>
  )
}

interface Frame {
  id: number
  name: string
  width: number
  height: number
}

function Sources({ frame }: { frame: Frame }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<{ a?: string; b?: string }>({})
  const sources = useQuery(sourcesQuery(frame.id))
  const rows = sources.data?.results ?? []
  const [a, b] = [chosen.a ?? rows[0]?.key ?? null, chosen.b ?? rows[1]?.key ?? null]
  const found = useQuery(comparisonQuery(frame.id, a, b))
  if (sources.error) return <ErrorNote error={sources.error} retry={() => void sources.refetch()} />
  if (sources.data && rows.length < 2) return <Text>{t('view.compare.oneSource', { count: rows.length })}</Text>
  return (
    <>
      <Group mb="sm" gap="md">
        {(['a', 'b'] as const).map((side) => (
          <Select
            key={side}
            label={t(`view.compare.${side}`)}
            w={280}
            allowDeselect={false}
            data={rows.map((source) => ({ value: source.key, label: sourceName(source, t('view.compare.imported')) }))}
            value={side === 'a' ? a : b}
            onChange={(key) => key && setChosen({ ...chosen, [side]: key })}
          />
        ))}
      </Group>
      {found.error && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      {!found.data && !found.error && <Skeleton h={400} />}
      {found.data && <CompareView key={`${a} ${b}`} frame={frame} found={found.data} />}
    </>
  )
}

const sourceName = ({ kind, name, count }: LabelSource, imported: string): string =>
  `${kind === 'imported' ? imported : name} (${count})`
