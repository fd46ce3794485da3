/** Counts by name as horizontal bars, largest first unless their own order says something. */
import { Text } from '@mantine/core'
import classes from './CountBars.module.css'
import { formatCount } from './format'

interface CountBarsProps {
  counts: Record<string, number>
  label: string
  inOrder?: boolean
  /** Of the numbers; shares stand against the whole. */
  format?: (value: number) => string
}

export function CountBars({ counts, label, inOrder = false, format = formatCount }: CountBarsProps) {
  const rows = Object.entries(counts)
  if (!inOrder) rows.sort(([, a], [, b]) => b - a)
  const most = Math.max(1, ...rows.map(([, count]) => count))
  if (rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        –
      </Text>
    )
  return (
    <ul className={classes.bars} aria-label={label}>
      {rows.map(([name, count]) => (
        <li key={name}>
          <span className={classes.name}>{name}</span>
          <span className={classes.track}>
            <span style={{ width: `${(count / most) * 100}%` }} />
          </span>
          <span className={classes.count}>{format(count)}</span>
        </li>
      ))}
    </ul>
  )
}
