/** A row of numbers that are sent together: thresholds, a budget, a camera. What is in force stands there first. */
import { Button, Group, NumberInput, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

export interface NumberField {
  name: string
  label: string
  min: number
  max: number
  step: number
  /** How much of the wire's unit one of the shown ones is: 1,000,000 for MB, 0.01 for %. */
  unit?: number
  optional?: boolean
}

export type Numbers = Record<string, number | null>

interface Props {
  title: string
  /** The title stands above already: it only names the form. */
  titled?: boolean
  hint?: string
  fields: NumberField[]
  start: Numbers
  pending: boolean
  send: (values: Numbers) => void
  children?: React.ReactNode
}

export function NumbersForm({ title, titled = false, hint, fields, start, pending, send, children }: Props) {
  const { t } = useTranslation()
  const [values, setValues] = useState<Numbers>(start)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send(values)
  }
  return (
    <form onSubmit={submit} aria-label={title}>
      {!titled && (
        <Text fw={600} size="sm" aria-hidden>
          {title}
        </Text>
      )}
      {hint && (
        <Text size="xs" c="dimmed" mb={4}>
          {hint}
        </Text>
      )}
      <Group align="flex-end" gap="xs">
        {fields.map(({ name, label, min, max, step, unit = 1, optional = false }) => (
          <NumberInput
            key={name}
            label={label}
            w={150}
            min={min}
            max={max}
            step={step}
            decimalScale={2}
            required={!optional}
            withAsterisk={false}
            value={shown(values[name] ?? null, unit)}
            onChange={(value) => setValues({ ...values, [name]: value === '' ? null : told(Number(value), unit) })}
          />
        ))}
        <Button type="submit" variant="default" loading={pending}>
          {t('fleet.send')}
        </Button>
        {children}
      </Group>
    </form>
  )
}

/** 0.07 / 0.01 is 7.000000000000001. */
const shown = (value: number | null, unit: number): number | '' =>
  value === null ? '' : Number((value / unit).toFixed(4))
const told = (value: number, unit: number): number => Number((value * unit).toFixed(6))
