/** Who is logged in, the theme, the language, tokens, log out. */
import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import {
  IconCheck,
  IconDeviceDesktop,
  IconKey,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserShield,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMe } from '../api/me'
import { logOut } from '../features/session/login'
import { chooseLanguage, LANGUAGES } from '../i18n'
import { notifyError } from '../ui/notify'

const SCHEMES = [
  { scheme: 'auto', icon: IconDeviceDesktop },
  { scheme: 'light', icon: IconSun },
  { scheme: 'dark', icon: IconMoon },
] as const

export function UserMenu() {
  const { t } = useTranslation()
  const me = useMe()
  if (!me) return null
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton aria-label={t('shell.account')} style={{ borderRadius: '50%' }}>
          <Avatar size={30} radius="xl" color="blue" name={me.name || me.email} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)" truncate>
            {me.name || me.email}
          </Text>
          {t(`roles.${me.role}`)}
        </Menu.Label>
        <Menu.Divider />
        <ThemeItems />
        <Menu.Divider />
        <LanguageItems />
        <Menu.Divider />
        <Menu.Item component={Link} to="/account" leftSection={<IconUserShield size={16} />}>
          {t('shell.yourAccount')}
        </Menu.Item>
        <Menu.Item component={Link} to="/admin/tokens" leftSection={<IconKey size={16} />}>
          {t('shell.tokens')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void logOut().catch(notifyError)}>
          {t('shell.logOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function ThemeItems() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return SCHEMES.map(({ scheme, icon: Picture }) => (
    <Menu.Item
      key={scheme}
      leftSection={<Picture size={16} />}
      rightSection={colorScheme === scheme && <IconCheck size={14} aria-label={t('common.chosen')} />}
      onClick={() => setColorScheme(scheme)}
    >
      {t(`shell.theme.${scheme}`)}
    </Menu.Item>
  ))
}

function LanguageItems() {
  const { i18n } = useTranslation()
  return LANGUAGES.map(({ code, name }) => (
    <Menu.Item
      key={code}
      lang={code}
      leftSection={<IconLanguage size={16} />}
      rightSection={i18n.resolvedLanguage === code && <IconCheck size={14} />}
      onClick={() => chooseLanguage(code)}
    >
      {name}
    </Menu.Item>
  ))
}
