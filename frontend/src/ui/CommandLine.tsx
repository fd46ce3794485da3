/** A command to copy into a terminal. */
import { Group, Paper } from '@mantine/core'
import { Copy } from './Digest'

export function CommandLine({ command }: { command: string }) {
  return (
    <Paper withBorder px="sm" py={6}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <pre
          style={{
            margin: 0,
            whiteSpace: 'pre-wrap',
            overflowWrap: 'anywhere',
            fontFamily: 'var(--mantine-font-family-monospace)',
            fontSize: 12.5,
            textAlign: 'left',
          }}
        >
          {command}
        </pre>
        <Copy text={command} />
      </Group>
    </Paper>
  )
}
