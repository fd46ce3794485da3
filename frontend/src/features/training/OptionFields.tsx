/** Options side by side, each bound to where a form keeps it. */
import type { MethodOption } from '../../api/types'
import { OptionField, type OptionInput } from './OptionField'
import classes from './training.module.css'

export function OptionFields({
  options,
  inputOf,
}: {
  options: MethodOption[]
  inputOf: (name: string) => OptionInput
}) {
  return (
    <div className={classes.options}>
      {options.map((option) => (
        <OptionField key={option.name} option={option} {...inputOf(option.name)} />
      ))}
    </div>
  )
}
