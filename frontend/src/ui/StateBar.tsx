/** How far a set has come, as one bar of states. The numbers are in its label and title: never colour alone. */
import classes from './StateBar.module.css'

export interface Share {
  label: string
  count: number
  colour: string
}

export function StateBar({ shares, height = 8 }: { shares: Share[]; height?: number }) {
  const shown = shares.filter((share) => share.count > 0)
  const text = shown.map((share) => `${share.count} ${share.label}`).join(', ')
  return (
    <div className={classes.bar} style={{ height }} role="img" aria-label={text || '–'} title={text}>
      {shown.map((share) => (
        <div key={share.label} style={{ flexGrow: share.count, background: share.colour }} />
      ))}
    </div>
  )
}
