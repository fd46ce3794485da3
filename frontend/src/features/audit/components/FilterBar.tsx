/** Two thresholds that put boxes out of sight. The stage says how many that are. */

import { Slider } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { FILTER_STEP } from '../../../editor/scene/filter'
import { useKeyCap } from '../keys/useKeys'
import classes from './filter.module.css'
import { useDesk, useEditor } from './useDesk'

const THRESHOLDS = [
  { name: 'leastScore', commands: ['lower-score', 'raise-score'] },
  { name: 'leastRisk', commands: ['lower-risk', 'raise-risk'] },
] as const

export function FilterBar() {
  const { t } = useTranslation()
  const cap = useKeyCap()
  return (
    <section className={classes.bar} aria-label={t('view.filter')}>
      {THRESHOLDS.map(({ name, commands }) => (
        <Threshold key={name} name={name} keys={commands.map(cap).filter(Boolean)} />
      ))}
    </section>
  )
}

function Threshold({ name, keys }: { name: (typeof THRESHOLDS)[number]['name']; keys: string[] }) {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const value = useEditor((state) => state.preferences[name])
  const byPointer = useRef(false)
  return (
    <div onPointerDown={() => (byPointer.current = true)}>
      <div className={classes.head}>
        <span>
          {t(`view.${name}`)} <strong>{value.toFixed(2)}</strong>
        </span>
        <span>
          {keys.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      </div>
      <Slider
        size="xs"
        thumbSize={14}
        min={0}
        max={1}
        step={FILTER_STEP}
        label={null}
        value={value}
        thumbLabel={t(`view.${name}`)}
        onChange={(next) => editor.prefer({ [name]: next })}
        onChangeEnd={() => {
          // A drag must not take the keyboard from the stage; whoever came by Tab stays.
          if (byPointer.current && document.activeElement instanceof HTMLElement) document.activeElement.blur()
          byPointer.current = false
        }}
      />
    </div>
  )
}
