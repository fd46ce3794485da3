/** Why this box is in question, what it may be called instead, and every box of the frame in words. */

import { IconCar } from '@tabler/icons-react'
import { type LabelBox, STATE_WORDS } from '../../../editor/scene/label'
import { categoryOf, selectedBox } from '../../../editor/state'
import { queuedFrame } from '../session/queue'
import { BoxList } from './BoxList'
import { CategoryList } from './CategoryList'
import classes from './desk.module.css'
import { Flags } from './Flags'
import { useEditor, useSession } from './useDesk'

export function WhyPanel() {
  const box = useEditor(selectedBox)
  const shown = useEditor((state) => state.preferences.whyShown)
  return (
    <aside className={classes.why} aria-label="Reasons" data-testid="why">
      {shown &&
        (box ? <Reasons box={box} /> : <p className={classes.nothing}>No box is selected. Tab selects the next.</p>)}
      <CategoryList />
      {box && <Flags box={box} />}
      <BoxList />
    </aside>
  )
}

function Reasons({ box }: { box: LabelBox }) {
  const category = useEditor((state) => categoryOf(state, box))
  const model = useSession((state) => queuedFrame(state.queue, state.queue.current)?.model ?? null)
  const signals = [...box.signals].sort((a, b) => b.value - a.value)
  return (
    <section className={classes.reasons} aria-label="Why">
      <h2>
        <span className={classes.swatch} style={{ background: category?.colour }} />
        {category?.name ?? 'ignore region'}
        <span className={classes.state}>{STATE_WORDS[box.state]}</span>
      </h2>
      <RiskBar risk={box.risk} severity={box.severity} />
      {box.cipo && (
        <p className={classes.cipo}>
          <IconCar size={15} aria-hidden /> Closest in-path object
        </p>
      )}
      <ul className={classes.signals}>
        {signals.map((signal) => (
          <li key={signal.name} title={`${signal.name}: ${signal.value.toFixed(2)}`}>
            <span className={classes.weight} style={{ width: `${Math.round(signal.value * 100)}%` }} />
            <span className={classes.sentence}>{signal.sentence}</span>
          </li>
        ))}
        {signals.length === 0 && <li className={classes.dim}>{quiet(box)}</li>}
      </ul>
      {model && box.source === 'pseudo' && <p className={classes.dim}>Proposed by {model}</p>}
    </section>
  )
}

function RiskBar({ risk, severity }: { risk: number | null; severity: number }) {
  const percent = Math.round((risk ?? 0) * 100)
  return (
    <div className={classes.risk}>
      <span>P(wrong)</span>
      <span className={classes.bar} aria-hidden>
        <span style={{ width: `${percent}%` }} />
      </span>
      <strong>{risk === null ? '–' : risk.toFixed(2)}</strong>
      <span className={classes.dim} title="How much an error here matters for driving, 1 to 2.75">
        severity {severity.toFixed(2)}
      </span>
    </div>
  )
}

const quiet = (box: LabelBox): string =>
  box.source === 'human' ? 'Drawn by a person.' : 'Nothing speaks against this label.'
