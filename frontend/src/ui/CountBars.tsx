/** Counts by name as horizontal bars, largest first unless their own order says something. */
import { Text } from '@mantine/core'
import classes from './CountBars.module.css'
import { formatCount } from './format'

interface CountBarsProps {
  counts: Record<string, number>
  label: string
  inOrder?: boolean
}

export function CountBars({ counts, label, inOrder = false }: CountBarsProps) {
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
          <span className={classes.count}>{formatCount(count)}</span>
        </li>
      ))}
    </ul>
  )
}
