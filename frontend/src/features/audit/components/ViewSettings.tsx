/** How the frame is shown: light and contrast for dark scenes, and what a new box does to the view. */

import { ActionIcon, Button, Popover, Slider, Stack, Switch, Text } from '@mantine/core'
import { IconAdjustmentsHorizontal } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useCommand, useDesk, useEditor } from './useDesk'

const SWITCHES = ['zoomToBox', 'goneShown'] as const

export function ViewSettings() {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const run = useCommand()
  const preferences = useEditor((state) => state.preferences)
  return (
    <Popover width={280} position="bottom-end" trapFocus withArrow transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('audit.view')}>
          <IconAdjustmentsHorizontal size={18} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          {(['brightness', 'contrast'] as const).map((name) => (
            <div key={name}>
              <Text size="sm">{t(`audit.${name}`)}</Text>
              <Slider
                min={0.4}
                max={2.5}
                step={0.05}
                label={(value) => value.toFixed(2)}
                value={preferences[name]}
                thumbLabel={t(`audit.${name}`)}
                onChange={(value) => editor.prefer({ [name]: value })}
              />
            </div>
          ))}
          <Button size="compact-sm" variant="default" onClick={() => editor.prefer({ brightness: 1, contrast: 1 })}>
            {t('audit.asRecorded')}
          </Button>
          {SWITCHES.map((name) => (
            <Switch
              key={name}
              label={t(`audit.${name}`)}
              checked={preferences[name]}
              onChange={(event) => {
                if (name === 'zoomToBox') run('zoom-to-box')
                else editor.prefer({ [name]: event.currentTarget.checked })
              }}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
