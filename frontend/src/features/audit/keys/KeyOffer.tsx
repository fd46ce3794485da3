/** Asked once, in passing, of who has never chosen: whose keys do your hands know? Going on working answers nothing and closes nothing. */

import { Button } from '@mantine/core'
import type { MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { PROFILE_NAMES } from '../../../editor/keys/profiles'
import { chooseKeys, keyStore } from './keyStore'
import classes from './keys.module.css'

/** A click must not take the keyboard from the stage. */
const keepFocus = (event: MouseEvent): void => event.preventDefault()

export function KeyOffer() {
  const { t } = useTranslation()
  const { keys, chosen } = useStore(keyStore)
  if (chosen) return null
  return (
    <span className={classes.offer} data-testid="key-offer">
      {t('keys.offer')}
      {PROFILE_NAMES.map((profile) => (
        <Button
          key={profile}
          size="compact-xs"
          variant="default"
          onMouseDown={keepFocus}
          onClick={() => chooseKeys({ ...keys, profile })}
        >
          {t(`keys.profiles.${profile}`)}
        </Button>
      ))}
    </span>
  )
}
