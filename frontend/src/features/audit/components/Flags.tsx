import { useTranslation } from 'react-i18next'
import { ariaChord, spoken } from '../../../editor/commands/chord'
import { commandOf } from '../../../editor/commands/registry'
import { actingChords } from '../../../editor/keys/ownKeys'
import type { LabelBox } from '../../../editor/scene/label'
import { useOwnKeys } from '../keys/useKeys'
import { titleOf } from '../keys/words'
import classes from './desk.module.css'
import { useCommand } from './useDesk'

const FLAGS = ['occluded', 'truncated', 'crowd'] as const

export function Flags({ box }: { box: LabelBox | null }) {
  const { t } = useTranslation()
  const run = useCommand()
  const own = useOwnKeys()
  return (
    <section className={classes.flags} aria-label={t('audit.flags')}>
      {FLAGS.map((flag) => {
        const command = commandOf(`flag-${flag}`)
        const [key] = actingChords(command, own)
        return (
          <button
            key={flag}
            type="button"
            disabled={box === null}
            aria-pressed={box?.[flag] ?? false}
            aria-keyshortcuts={key && ariaChord(key)}
            title={titleOf(command, t)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => run(command.id)}
          >
            {key && <kbd>{spoken(key)}</kbd>} {t(`audit.flag.${flag}`)}
          </button>
        )
      })}
    </section>
  )
}
