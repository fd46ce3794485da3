/** Why this box is in question, what it may be called instead, and every box of the frame in words. */

import { IconCar } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { type LabelBox, STATE_WORDS } from '../../../editor/scene/label'
import { categoryOf, selectedBox } from '../../../editor/state'
import { told } from '../../../i18n/told'
import { SideLists } from '../../review/desk/SideLists'
import { queuedFrame } from '../session/queue'
import { CategoryList } from './CategoryList'
import classes from './desk.module.css'
import { FilterBar } from './FilterBar'
import { Flags } from './Flags'
import { useEditor, useSession } from './useDesk'

export function WhyPanel() {
  const { t } = useTranslation()
  const box = useEditor(selectedBox)
  const shown = useEditor((state) => state.preferences.whyShown)
  return (
    <aside className={classes.why} aria-label={t('audit.reasons')} data-testid="why">
      {shown && (box ? <Reasons box={box} /> : <p className={classes.nothing}>{t('audit.noBox')}</p>)}
      <CategoryList />
      <Flags box={box} />
      <FilterBar />
      <SideLists />
    </aside>
  )
}

function Reasons({ box }: { box: LabelBox }) {
  const { t } = useTranslation()
  const category = useEditor((state) => categoryOf(state, box))
  const model = useSession((state) => queuedFrame(state.queue, state.queue.current)?.model ?? null)
  const signals = [...box.signals].sort((a, b) => b.value - a.value)
  return (
    <section className={classes.reasons} aria-label={t('audit.why')}>
      <h2>
        <span className={classes.swatch} style={{ background: category?.colour }} />
        {category?.name ?? t('audit.ignore')}
        {box.cipo && <IconCar size={16} role="img" aria-label={t('audit.cipo')} />}
        <span className={classes.state}>{told(STATE_WORDS[box.state])}</span>
      </h2>
      <RiskBar box={box} />
      <ul className={classes.signals}>
        {signals.map((signal) => (
          <li key={signal.name} title={`${signal.name}: ${signal.value.toFixed(2)}`}>
            <span className={classes.weight} style={{ width: `${Math.round(signal.value * 100)}%` }} />
            <span className={classes.sentence}>{told(signal.sentence)}</span>
          </li>
        ))}
        {signals.length === 0 && (
          <li className={classes.dim}>{t(box.source === 'human' ? 'audit.drawn' : 'audit.noReason')}</li>
        )}
      </ul>
      {model && box.source === 'pseudo' && <p className={classes.dim}>{t('audit.proposedBy', { model })}</p>}
    </section>
  )
}

function RiskBar({ box: { risk, severity, state } }: { box: LabelBox }) {
  const { t } = useTranslation()
  const percent = Math.round((risk ?? 0) * 100)
  return (
    <div className={classes.risk}>
      <span>{t(state === 'missed_candidate' ? 'audit.pMissed' : 'audit.pWrong')}</span>
      <span className={classes.bar} aria-hidden>
        <span style={{ width: `${percent}%` }} />
      </span>
      <strong>{risk === null ? '–' : risk.toFixed(2)}</strong>
      <span className={classes.dim} title={t('audit.severityText')}>
        {t('audit.severity', { value: severity.toFixed(2) })}
      </span>
    </div>
  )
}
