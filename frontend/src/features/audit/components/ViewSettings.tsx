/** How the frame is shown: light for dark scenes, labels, what is hidden, and what a new box does to the view. */

import { ActionIcon, Button, Kbd, Popover, Slider, Stack, Switch, Text } from '@mantine/core'
import { IconAdjustmentsHorizontal } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ariaChord, spoken } from '../../../editor/commands/chord'
import { commandOf } from '../../../editor/commands/registry'
import { actingChords } from '../../../editor/keys/ownKeys'
import { AS_RECORDED } from '../../../editor/render/tone'
import { useOwnKeys } from '../keys/useKeys'
import { useCommand, useDesk, useEditor } from './useDesk'

/** Name -> its text and its range. */
const SLIDERS = [
  { name: 'brightness', text: 'audit.brightness', min: 0.4, max: 2.5 },
  { name: 'contrast', text: 'audit.contrast', min: 0.4, max: 2.5 },
  { name: 'gamma', text: 'view.gamma', min: 0.4, max: 3 },
  { name: 'labelSize', text: 'view.labelSize', min: 0.8, max: 2 },
] as const
const SWITCHES = [
  { name: 'zoomToBox', text: 'audit.zoomToBox' },
  { name: 'goneShown', text: 'audit.goneShown' },
  { name: 'crosshair', text: 'view.crosshair' },
] as const

export function ViewSettings() {
  const { t } = useTranslation()
  return (
    <Popover width={290} position="bottom-end" trapFocus withArrow transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('audit.view')}>
          <IconAdjustmentsHorizontal size={18} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Sliders />
          <Switches />
          <Resets />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function Sliders() {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const preferences = useEditor((state) => state.preferences)
  return SLIDERS.map(({ name, text, min, max }) => (
    <div key={name}>
      <Text size="sm">{t(text)}</Text>
      <Slider
        min={min}
        max={max}
        step={0.05}
        label={(value) => value.toFixed(2)}
        value={preferences[name]}
        thumbLabel={t(text)}
        onChange={(value) => editor.prefer({ [name]: value })}
      />
    </div>
  ))
}

function Switches() {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const run = useCommand()
  const preferences = useEditor((state) => state.preferences)
  return SWITCHES.map(({ name, text }) => (
    <Switch
      key={name}
      label={t(text)}
      checked={preferences[name]}
      onChange={(event) => {
        if (name === 'zoomToBox') run('zoom-to-box')
        else editor.prefer({ [name]: event.currentTarget.checked })
      }}
    />
  ))
}

function Resets() {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const run = useCommand()
  const [key] = actingChords(commandOf('reset-view'), useOwnKeys())
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => editor.prefer(AS_RECORDED)}>
        {t('audit.asRecorded')}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        aria-keyshortcuts={key && ariaChord(key)}
        rightSection={key && <Kbd size="xs">{spoken(key)}</Kbd>}
        onClick={() => run('reset-view')}
      >
        {t('view.reset')}
      </Button>
    </>
  )
}
