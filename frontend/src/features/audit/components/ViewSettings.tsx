/** How the frame is shown: light and contrast for dark scenes, and what a new box does to the view. */

import { ActionIcon, Button, Popover, Slider, Stack, Switch, Text } from '@mantine/core'
import { IconAdjustmentsHorizontal } from '@tabler/icons-react'
import type { Preferences } from '../../../editor/state'
import { useCommand, useDesk, useEditor } from './useDesk'

const SWITCHES: readonly (readonly [keyof Preferences & ('zoomToBox' | 'goneShown' | 'singleKeys'), string])[] = [
  ['zoomToBox', 'Zoom to each box'],
  ['goneShown', 'Show rejected boxes'],
  ['singleKeys', 'Shortcuts of a single character'],
]

export function ViewSettings() {
  const { editor } = useDesk()
  const run = useCommand()
  const preferences = useEditor((state) => state.preferences)
  return (
    <Popover width={280} position="bottom-end" trapFocus withArrow transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="View settings">
          <IconAdjustmentsHorizontal size={18} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          {(['brightness', 'contrast'] as const).map((name) => (
            <div key={name}>
              <Text size="sm" tt="capitalize">
                {name}
              </Text>
              <Slider
                min={0.4}
                max={2.5}
                step={0.05}
                label={(value) => value.toFixed(2)}
                value={preferences[name]}
                thumbLabel={name}
                onChange={(value) => editor.prefer({ [name]: value })}
              />
            </div>
          ))}
          <Button size="compact-sm" variant="default" onClick={() => editor.prefer({ brightness: 1, contrast: 1 })}>
            As recorded
          </Button>
          {SWITCHES.map(([name, label]) => (
            <Switch
              key={name}
              label={label}
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
