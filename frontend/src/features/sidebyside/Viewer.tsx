/** The frames of a set, one at a time, as every model sees them. */

import { Button, Group, Paper, Slider, Switch, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PredictionSetDetail, ShownModel } from '../../api/types'
import { LineSample } from '../../ui/LineSample'
import { countsOf } from './differences'
import { Panes } from './Panes'
import { LOOKS, type Look } from './paint'
import classes from './sidebyside.module.css'

export function Viewer({ found }: { found: NonNullable<PredictionSetDetail['found']> }) {
  const { t } = useTranslation()
  const [at, setAt] = useState(0)
  const [threshold, setThreshold] = useState(0.3)
  const [named, setNamed] = useState(true)
  const frame = found.frames[Math.min(at, found.frames.length - 1)]
  const step = (by: number) => setAt((now) => Math.max(0, Math.min(found.frames.length - 1, now + by)))
  // A focused slider has used the arrow already.
  const turn = (event: KeyboardEvent, by: number) => event.defaultPrevented || step(by)
  useHotkeys([
    ['ArrowRight', (event) => turn(event, 1), { preventDefault: false }],
    ['ArrowLeft', (event) => turn(event, -1), { preventDefault: false }],
  ])
  if (!frame) return <Text c="dimmed">{t('sideBySide.noFrames')}</Text>
  return (
    <Paper withBorder p="md">
      <Group gap="xl" mb="sm" style={{ rowGap: 8 }}>
        <Group gap="xs">
          <Text size="sm">{t('sideBySide.threshold')}</Text>
          <Slider
            w={160}
            size="sm"
            min={0.05}
            max={0.95}
            step={0.05}
            value={threshold}
            onChange={setThreshold}
            label={(value) => value.toFixed(2)}
            thumbLabel={t('sideBySide.threshold')}
          />
          <Text size="sm" w={32}>
            {threshold.toFixed(2)}
          </Text>
        </Group>
        <Switch
          size="sm"
          label={t('sideBySide.labels')}
          checked={named}
          onChange={(event) => setNamed(event.currentTarget.checked)}
        />
        <Legend models={found.models} />
      </Group>
      <Panes frame={frame} models={found.models} threshold={threshold} named={named} />
      <Text size="xs" c="dimmed" my="xs">
        {t('sideBySide.keys')}
      </Text>
      <ol className={classes.frames}>
        {found.frames.map((one, place) => (
          <li key={one.id}>
            <Button
              variant={place === at ? 'light' : 'subtle'}
              color={place === at ? undefined : 'gray'}
              size="compact-sm"
              aria-current={place === at}
              onClick={() => setAt(place)}
            >
              {one.name}
            </Button>
            <Text size="xs" c="dimmed">
              {t('sideBySide.counts', { ...countsOf(found.models, one.id, threshold) })}
            </Text>
          </li>
        ))}
      </ol>
    </Paper>
  )
}

/** What the lines mean: dashes and thickness say it too, not colour alone. */
function Legend({ models }: { models: ShownModel[] }) {
  const { t } = useTranslation()
  const before = models.some(({ role }) => role === 'before')
  const words: Record<Look, string> = {
    kept: t('sideBySide.mark.kept'),
    changed: t('sideBySide.mark.changed'),
    gained: before ? t('sideBySide.mark.gained') : t('sideBySide.mark.gainedOverTeacher'),
    lost: t('sideBySide.mark.lost'),
  }
  return (
    <ul className={classes.legend}>
      {(Object.keys(LOOKS) as Look[]).map((look) => (
        <li key={look}>
          <LineSample look={LOOKS[look]} />
          {words[look]}
        </li>
      ))}
    </ul>
  )
}
