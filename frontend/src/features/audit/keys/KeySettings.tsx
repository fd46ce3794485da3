/** Every key, to be changed: a profile to begin with, own keys on top, what clashes said where it does. */

import { Button, FileButton, Group, Select, Switch, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { STOCK_KEYS } from '../../../editor/keys/ownKeys'
import { PROFILE_NAMES, type Profile } from '../../../editor/keys/profiles'
import type { LabelCategory } from '../../../editor/scene/label'
import { save } from '../../../ui/save'
import { DeskDialog } from '../components/DeskDialog'
import { KeyTable } from './KeyTable'
import { fileOf, keysIn } from './keyFile'
import { chooseKeys, keyStore } from './keyStore'
import { useOwnKeys } from './useKeys'

interface KeySettingsProps {
  readonly opened: boolean
  readonly categories: readonly LabelCategory[]
  close(): void
}

export function KeySettings({ opened, close, categories }: KeySettingsProps) {
  const { t } = useTranslation()
  const [capturing, setCapturing] = useState<string | null>(null)
  const [text, setText] = useState('')
  return (
    <DeskDialog
      opened={opened}
      onClose={close}
      title={t('keys.title')}
      size="52rem"
      // Escape ends the capture of a key first.
      closeOnEscape={capturing === null}
    >
      <Whole />
      <TextInput
        my="sm"
        aria-label={t('keys.find')}
        placeholder={t('keys.find')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <KeyTable text={text} categories={categories} capturing={capturing} capture={setCapturing} />
    </DeskDialog>
  )
}

/** What concerns all keys at once. */
function Whole() {
  const { t } = useTranslation()
  const own = useOwnKeys()
  const unsaved = useStore(keyStore, (state) => state.unsaved)
  const [refused, setRefused] = useState(false)
  const take = async (file: File | null): Promise<void> => {
    const found = file && keysIn(await file.text())
    setRefused(file !== null && found === null)
    if (found) chooseKeys(found)
  }
  const changed = Object.keys(own.keys).length
  return (
    <>
      <Group align="end" gap="md">
        <Select
          label={t('keys.profile')}
          w={190}
          allowDeselect={false}
          data={PROFILE_NAMES.map((name) => ({ value: name, label: t(`keys.profiles.${name}`) }))}
          value={own.profile}
          onChange={(profile) => chooseKeys({ ...own, profile: profile as Profile })}
        />
        <Button
          variant="default"
          onClick={() => save(new Blob([fileOf(own)], { type: 'application/json' }), 'headway-keys.json')}
        >
          {t('keys.export')}
        </Button>
        <FileButton accept="application/json,.json" onChange={(file) => void take(file)}>
          {(props) => (
            <Button variant="default" {...props}>
              {t('keys.import')}
            </Button>
          )}
        </FileButton>
        <Button
          variant="default"
          disabled={changed === 0}
          onClick={() => chooseKeys({ ...STOCK_KEYS, profile: own.profile, singleKeys: own.singleKeys })}
        >
          {t('keys.resetAll')}
        </Button>
      </Group>
      <Group mt="sm" justify="space-between" wrap="nowrap">
        <Switch
          label={t('audit.singleKeys')}
          description={t('audit.singleKeysText')}
          checked={own.singleKeys}
          onChange={(event) => chooseKeys({ ...own, singleKeys: event.currentTarget.checked })}
        />
        <Text size="sm" c="dimmed" role="status" data-testid="keys-saved">
          {t(refused ? 'keys.notAFile' : unsaved ? 'keys.saving' : 'keys.saved')}
        </Text>
      </Group>
    </>
  )
}
