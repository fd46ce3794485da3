/** What histograms cannot say: drive, category, model, states, scene and words. */
import { Button, Group, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconFilterOff, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CategoryFilter } from '../audit/CategoryFilter'
import { drivesQuery } from '../footage/queries'
import { modelsQuery } from '../models/queries'
import { type Asked, type ExploreSearch, isOpenQuestion } from './search'

const FRAME_STATES = ['new', 'prelabelled', 'in_audit', 'audited', 'reopened', 'excluded'] as const
const BOX_STATES = ['pending', 'missed_candidate', 'accepted', 'edited', 'rejected', 'dismissed'] as const
const SCENES = ['day', 'night', 'dusk', 'dawn', 'clear', 'rain', 'fog', 'snow', 'glare', 'overcast']

interface ExploreFiltersProps {
  search: ExploreSearch
  onAsk: (change: Partial<Asked>) => void
  onClear: () => void
}

export function ExploreFilters({ search, onAsk, onClear }: ExploreFiltersProps) {
  const { t } = useTranslation()
  const drives = useQuery(drivesQuery)
  const models = useQuery(modelsQuery)
  const found = drives.data?.results ?? []
  const noted = new Set(found.flatMap(({ weather, time_of_day }) => [weather, time_of_day]))
  const scenes = [...new Set([...SCENES, ...noted])].filter((scene) => /^[a-z_]{1,20}$/.test(scene))
  return (
    <Group gap="xs" mb="sm" role="search" aria-label={t('explore.filters')}>
      <Words value={search.text ?? ''} onChange={(text) => onAsk({ text: text || undefined })} />
      <Choice
        label={t('explore.drive')}
        value={search.drive}
        data={found.map(({ id, name }) => ({ value: String(id), label: name }))}
        onChange={(drive) => onAsk({ drive: numberOf(drive) })}
      />
      <CategoryFilter
        label={t('explore.category')}
        placeholder={t('explore.category')}
        value={search.category ?? null}
        onChange={(category) => onAsk({ category: category ?? undefined })}
      />
      <Choice
        label={t('explore.model')}
        value={search.model}
        data={(models.data?.results ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
        onChange={(model) => onAsk({ model: numberOf(model) })}
      />
      <Choice
        label={t('explore.state')}
        value={search.state}
        data={FRAME_STATES.map((state) => ({ value: state, label: t(`explore.states.${state}`) }))}
        onChange={(state) => onAsk({ state: state ?? undefined })}
      />
      <Choice
        label={t('explore.boxState')}
        value={search.box_state}
        data={BOX_STATES.map((state) => ({ value: state, label: t(`grid.state.${state}`) }))}
        onChange={(state) => onAsk({ box_state: state ?? undefined })}
      />
      <Choice
        label={t('explore.scene')}
        value={search.scene}
        data={scenes.map((scene) => ({ value: scene, label: t(`explore.scenes.${scene}`, { defaultValue: scene }) }))}
        onChange={(scene) => onAsk({ scene: scene ?? undefined })}
      />
      <Button
        variant="subtle"
        color="gray"
        leftSection={<IconFilterOff size={16} />}
        onClick={onClear}
        disabled={isOpenQuestion(search)}
      >
        {t('explore.clear')}
      </Button>
    </Group>
  )
}

interface ChoiceProps {
  label: string
  value: number | string | undefined
  data: { value: string; label: string }[]
  onChange: (value: string | null) => void
}

function Choice({ label, value, data, onChange }: ChoiceProps) {
  return (
    <Select
      w={150}
      aria-label={label}
      placeholder={label}
      clearable
      searchable
      data={data}
      value={value === undefined ? null : String(value)}
      onChange={onChange}
    />
  )
}

/** Asked a moment after the last key. */
function Words({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(value)
  const ask = useDebouncedCallback(onChange, 300)
  useEffect(() => setText(value), [value])
  return (
    <TextInput
      w={210}
      type="search"
      aria-label={t('explore.text')}
      placeholder={t('explore.text')}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      maxLength={200}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value)
        ask(currentTarget.value.trim())
      }}
    />
  )
}

const numberOf = (value: string | null): number | undefined => (value === null ? undefined : Number(value))
