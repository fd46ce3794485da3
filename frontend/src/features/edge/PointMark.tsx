/** What lies at one place of the plot, to be reached by mouse and keyboard: whose names they are, and by a click their figures and the way to the models. */
import { Popover, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { ModelLink } from '../models/links'
import classes from './edge.module.css'
import { keyOf, type Point } from './scatter'

/** In CSS px of the plot. */
export interface Place {
  x: number
  y: number
  points: readonly Point[]
}

export function PointMark({ place: { x, y, points }, cost }: { place: Place; cost: string }) {
  const { t } = useTranslation()
  const [open, { toggle, close }] = useDisclosure()
  const wordsOf = ({ model, input, bits }: Point) => `${model.name} ${input}, ${t('edge.bits', { bits })}`
  return (
    <Popover opened={open} onClose={close} withArrow trapFocus returnFocus>
      <Popover.Target>
        <Tooltip
          multiline
          disabled={open}
          events={{ hover: true, focus: true, touch: true }}
          label={points.map((point) => <div key={keyOf(point)}>{wordsOf(point)}</div>)}
        >
          <UnstyledButton
            className={classes.mark}
            style={{ left: x, top: y }}
            aria-label={points.map(wordsOf).join('; ')}
            onClick={toggle}
          />
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={4}>
          {points.map((point) => (
            <Text key={keyOf(point)} size="sm" style={{ fontVariantNumeric: 'tabular-nums' }}>
              <ModelLink model={point.model} /> · {point.input} · {t('edge.bits', { bits: point.bits })} · AP{' '}
              {point.ap.toFixed(3)} · {point.x.toFixed(2)} {cost}
            </Text>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
