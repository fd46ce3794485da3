/** One row a person: role, last visit, second step; switched off, on, or removed. */
import { ActionIcon, Badge, Menu, Select, Table, Text } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../api/me'
import { formatDate } from '../../ui/format'
import { type Member, ROLES, type Role, useChangeMember, useClearSecondFactor, useRemoveMember } from './people'

export function MemberTable({ members }: { members: Member[] }) {
  const { t } = useTranslation()
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-labelledby="members" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('people.person')}</Table.Th>
            <Table.Th>{t('people.role')}</Table.Th>
            <Table.Th>{t('people.lastSeen')}</Table.Th>
            <Table.Th>{t('account.secondStep')}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {members.map((member) => (
            <Row key={member.id} member={member} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Row({ member }: { member: Member }) {
  const { t } = useTranslation()
  const me = useMe()
  const change = useChangeMember()
  const name = member.name || member.email
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600}>
          {name} {member.user === me?.id && <Badge variant="light">{t('people.you')}</Badge>}{' '}
          {!member.active && (
            <Badge variant="light" color="gray">
              {t('people.switchedOff')}
            </Badge>
          )}
        </Text>
        <Text size="xs" c="dimmed">
          {member.email}
        </Text>
      </Table.Td>
      <Table.Td>
        <Select
          size="xs"
          w={170}
          aria-label={t('people.roleOf', { name })}
          data={ROLES.map((role) => ({ value: role, label: t(`roles.${role}`) }))}
          value={change.isPending && change.variables.role ? change.variables.role : member.role}
          allowDeselect={false}
          onChange={(role) => role && role !== member.role && change.mutate({ id: member.id, role: role as Role })}
        />
      </Table.Td>
      <Table.Td>{member.last_seen_at ? formatDate(member.last_seen_at) : t('people.never')}</Table.Td>
      <Table.Td>{member.second_factor ? t('account.on') : t('account.off')}</Table.Td>
      <Table.Td ta="right">
        <Acts member={member} name={name} onSwitch={(active) => change.mutate({ id: member.id, active })} />
      </Table.Td>
    </Table.Tr>
  )
}

interface ActsProps {
  member: Member
  name: string
  onSwitch: (active: boolean) => void
}

/** What cannot be taken back by one click is asked twice, in the same menu. */
function Acts({ member, name, onSwitch }: ActsProps) {
  const { t } = useTranslation()
  const remove = useRemoveMember()
  const clear = useClearSecondFactor()
  const [sure, setSure] = useState<'remove' | 'clear'>()
  return (
    <Menu position="bottom-end" onClose={() => setSure(undefined)}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('people.actsOf', { name })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onSwitch(!member.active)}>
          {member.active ? t('people.switchOff') : t('people.switchOn')}
        </Menu.Item>
        {member.second_factor && (
          <Menu.Item
            closeMenuOnClick={sure === 'clear'}
            onClick={() => (sure === 'clear' ? clear.mutate(member.id) : setSure('clear'))}
          >
            {sure === 'clear' ? t('people.sureClear') : t('people.clear')}
          </Menu.Item>
        )}
        <Menu.Item
          color="red"
          closeMenuOnClick={sure === 'remove'}
          onClick={() => (sure === 'remove' ? remove.mutate(member.id) : setSure('remove'))}
        >
          {sure === 'remove' ? t('people.sureRemove') : t('people.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
