/** A token, once, and the command that it is for. */
import { Alert, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { CommandLine } from '../../ui/CommandLine'
import type { DeviceToken } from './types'

export function TokenNote({ made: { device, token } }: { made: DeviceToken }) {
  const { t } = useTranslation()
  const { origin } = window.location
  return (
    <Alert color="teal" variant="light" title={t('fleet.tokenOnce', { name: device.name })}>
      <Stack gap="xs">
        <CommandLine command={token} />
        <Text size="sm">{t('fleet.start')}</Text>
        <CommandLine
          command={`HEADWAY_DEVICE_TOKEN=${token} python -m ml.edge.agent SOURCE --model yolox-onnx:FILE --device ${device.name} --server ${origin}`}
        />
      </Stack>
    </Alert>
  )
}
