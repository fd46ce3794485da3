/** One command and its keys. */

import { ActionIcon, Button } from '@mantine/core'
import { IconAlertTriangle, IconPlus, IconRotate, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { isBrowsers, spoken } from '../../../editor/commands/chord'
import type { Clash } from '../../../editor/keys/clashes'
import { CATEGORY } from '../../../editor/keys/ownKeys'
import { scopeOf } from '../../../editor/keys/scope'
import { asInProfile, type KeyRow, withoutChord } from './keyRows'
import { chooseKeys } from './keyStore'
import classes from './keys.module.css'
import { useOwnKeys } from './useKeys'

interface KeyTableRowProps {
  readonly row: KeyRow
  readonly title: string
  readonly clashes: readonly Clash[]
  titleOfOther(id: string): string
  rowOfOther(clash: Clash): KeyRow | undefined
  readonly capturing: boolean
  capture(): void
}

export function KeyTableRow({ row, title, clashes, titleOfOther, rowOfOther, capturing, capture }: KeyTableRowProps) {
  const { t } = useTranslation()
  const own = useOwnKeys()
  const scope = row.command ? scopeOf(row.command) : 'anywhere'
  return (
    <li data-row={row.key}>
      <div className={classes.row}>
        <span className={classes.title}>
          {title} <small>{t(`keys.scope.${scope}`)}</small>
        </span>
        {row.chords.map((chord) => (
          <span key={chord} className={classes.chord} data-acts={own.singleKeys || chord.length > 1}>
            <kbd>{cap(chord, t('keys.categoryKey'))}</kbd>
            {row.category === null && (
              <ActionIcon
                size={24}
                variant="subtle"
                color="gray"
                aria-label={t('keys.remove', { key: spoken(chord), title })}
                onClick={() => chooseKeys(withoutChord(own, row, chord))}
              >
                <IconX size={13} />
              </ActionIcon>
            )}
          </span>
        ))}
        <Button
          size="compact-xs"
          variant={capturing ? 'filled' : 'default'}
          leftSection={capturing ? undefined : <IconPlus size={12} />}
          aria-label={capturing ? t('keys.press') : t('keys.addTo', { title })}
          onClick={capture}
        >
          {capturing ? t('keys.press') : t(row.chords.length > 0 && row.place !== null ? 'keys.other' : 'keys.add')}
        </Button>
        <ActionIcon
          size={24}
          variant="subtle"
          color="gray"
          disabled={!row.changed}
          style={row.changed ? undefined : { visibility: 'hidden' }}
          aria-label={t('keys.reset', { title })}
          onClick={() => chooseKeys(asInProfile(own, row))}
        >
          <IconRotate size={14} />
        </ActionIcon>
      </div>
      {row.chords.filter(isBrowsers).map((chord) => (
        <p key={chord} className={classes.warning}>
          <IconAlertTriangle size={14} aria-hidden /> {t('keys.browsers', { key: spoken(chord) })}
        </p>
      ))}
      {clashes.map((clash) => {
        const other = rowOfOther(clash)
        return (
          <p key={`${clash.chord} ${clash.other}`} className={classes.warning} role="alert">
            <IconAlertTriangle size={14} aria-hidden />{' '}
            {t(`keys.clash.${clash.wins}`, { key: spoken(clash.chord), title: titleOfOther(clash.other) })}
            {other && other.category === null && (
              <Button
                size="compact-xs"
                variant="subtle"
                onClick={() => chooseKeys(withoutChord(own, other, clash.chord))}
              >
                {t('keys.takeIt')}
              </Button>
            )}
          </p>
        )
      })}
    </li>
  )
}

const cap = (chord: string, category: string): string => spoken(chord).replace(CATEGORY, category)
