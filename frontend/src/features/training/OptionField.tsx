/** One option of a method as a field, with a mark and a way back where it is not the default. */
import { Anchor, NumberInput, Select, Switch, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { MethodOption, OptionValue } from '../../api/types'

/** Help below the field, so that the fields of a row stand in line. */
const ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error']

/** What a form binds a field with. */
export interface OptionInput {
  value?: OptionValue
  onChange?: (value: OptionValue) => void
  error?: ReactNode
}

export function OptionField({ option, value, onChange, error }: OptionInput & { option: MethodOption }) {
  const { name, kind, choices, minimum, maximum } = option
  const change = (next: OptionValue) => onChange?.(next)
  const shared = {
    label: <Label option={option} value={value} onReset={change} />,
    description: option.help,
    error,
    inputWrapperOrder: ORDER,
  }
  if (kind === 'bool')
    return (
      <Switch
        label={shared.label}
        description={option.help}
        error={error}
        checked={value === true}
        onChange={(event) => change(event.currentTarget.checked)}
      />
    )
  if (kind === 'choice')
    return (
      <Select
        {...shared}
        allowDeselect={false}
        data={choices}
        value={String(value)}
        onChange={(next) => next !== null && change(next)}
      />
    )
  if (kind === 'str')
    return <TextInput {...shared} value={String(value)} onChange={(event) => change(event.currentTarget.value)} />
  return (
    <NumberInput
      {...shared}
      aria-label={name}
      allowDecimal={kind === 'float'}
      min={minimum ?? undefined}
      max={maximum ?? undefined}
      value={typeof value === 'number' ? value : ''}
      onChange={change}
      stepHoldDelay={400}
      stepHoldInterval={60}
      step={kind === 'int' ? 1 : stepOf(option)}
    />
  )
}

function Label({
  option,
  value,
  onReset,
}: {
  option: MethodOption
  value?: OptionValue
  onReset: (value: OptionValue) => void
}) {
  const { t } = useTranslation()
  return (
    <>
      {option.name}
      {value !== option.default && (
        <>
          {' · '}
          <Anchor component="button" type="button" fz="xs" onClick={() => onReset(option.default)}>
            {t('training.reset', { value: String(option.default) })}
          </Anchor>
        </>
      )}
    </>
  )
}

/** A tenth of the default's first digit: 0.0005 steps by 0.0001. */
function stepOf({ default: value }: MethodOption): number {
  if (typeof value !== 'number' || value === 0) return 0.05
  return value >= 1 ? 0.1 : 10 ** Math.floor(Math.log10(value))
}
