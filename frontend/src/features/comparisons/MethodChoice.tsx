/** The methods to compare; one that cannot train the detector stays in sight with its reason. */
import { Checkbox, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrainingMethod } from '../../api/types'
import { CONTROL, refusalOf } from '../training/launch'
import classes from './comparisons.module.css'

interface MethodChoiceProps {
  methods: TrainingMethod[]
  family: string
  value: string[]
  onChange: (names: string[]) => void
  error?: ReactNode
}

export function MethodChoice({ methods, family, value, onChange, error }: MethodChoiceProps) {
  const { t } = useTranslation()
  return (
    <Checkbox.Group
      label={t('comparisons.methods')}
      description={t('comparisons.methodsHelp')}
      value={[CONTROL, ...value]}
      onChange={(names) => onChange(names.filter((name) => name !== CONTROL))}
      error={error}
    >
      <div className={classes.methods}>
        {methods.map((method) => {
          const why = refusalOf(method, family)
          return (
            <Checkbox
              key={method.name}
              value={method.name}
              label={method.title}
              disabled={method.name === CONTROL || why !== null}
              description={
                why === null ? (
                  method.description
                ) : (
                  <Text component="span" size="xs" c="orange">
                    {t('training.refuses', { family })} {why}
                  </Text>
                )
              }
            />
          )
        })}
      </div>
    </Checkbox.Group>
  )
}
