/** The keys of track mode, always in sight, as the person set them. */

import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LabelCategory } from '../../../editor/scene/label'
import { KeySettings } from '../keys/KeySettings'
import { useKeyCap } from '../keys/useKeys'
import classes from './track.module.css'

const HINTS = [
  ['move', 'track-frame'],
  ['accept', 'accept'],
  ['reject', 'reject'],
  ['relabel', 'relabel'],
  ['key', 'track-key'],
  ['keys', 'track-to-key'],
  ['edit', 'edit-box'],
  ['split', 'track-split'],
  ['merge', 'track-merge'],
  ['undo', 'undo'],
  ['track', 'track-step'],
] as const

export function TrackHints({ categories }: { categories: readonly LabelCategory[] }) {
  const { t } = useTranslation()
  const cap = useKeyCap()
  const [opened, setOpened] = useState(false)
  return (
    <div className={classes.hints}>
      {HINTS.filter(([, id]) => cap(id)).map(([name, id]) => (
        <span key={name}>
          <kbd>{cap(id)}</kbd> {t(`track.key.${name}`)}
        </span>
      ))}
      <Button size="compact-xs" variant="subtle" ml="auto" onClick={() => setOpened(true)}>
        {t('keys.change')}
      </Button>
      <KeySettings opened={opened} close={() => setOpened(false)} categories={categories} />
    </div>
  )
}
