/** How the weights of a method moved: a strip of histograms over the iterations, and the chosen one in full beside it. */
import { Group, Paper, Select, Slider, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Histogram, Weighed } from '../../api/types'
import { type Moment, momentsOf, rangeOf, strip, weighedNames } from './histograms'
import classes from './training.module.css'

const ROWS = 40

export function WeightHistograms({ moments }: { moments: Weighed[] }) {
  const { t } = useTranslation()
  const names = weighedNames(moments)
  const [wanted, setWanted] = useState<string | null>(null)
  const [at, setAt] = useState<number | null>(null)
  const name = wanted !== null && names.includes(wanted) ? wanted : (names[0] ?? '')
  const known = momentsOf(moments, name)
  const last = known.length - 1
  // Until a person chooses a moment, the latest is shown.
  const place = Math.min(at ?? last, last)
  const shown = known[place]
  if (!shown) return null
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="weights">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="weights">
          {t('training.weights')}
        </Title>
        {names.length > 1 ? (
          <Select
            size="xs"
            aria-label={t('training.weightsOf')}
            allowDeselect={false}
            data={names}
            value={name}
            onChange={setWanted}
          />
        ) : (
          <Text size="sm">{name}</Text>
        )}
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t('training.weightsLead')}
      </Text>
      <div className={classes.weights}>
        <div>
          <Strip name={name} moments={known} place={place} onChoose={setAt} />
          {known.length > 1 && (
            <Slider
              mt="xs"
              size="sm"
              min={0}
              max={last}
              value={place}
              onChange={setAt}
              label={(value) => known[value]?.iteration}
              thumbLabel={t('training.moment')}
            />
          )}
        </div>
        <Bars name={name} moment={shown} />
      </div>
    </Paper>
  )
}

interface StripProps {
  name: string
  moments: Moment[]
  place: number
  onChoose: (at: number) => void
}

function Strip({ name, moments, place, onChoose }: StripProps) {
  const { t } = useTranslation()
  const columns = strip(moments, ROWS)
  const most = Math.max(...columns.flat())
  const { low, high } = rangeOf(moments)
  return (
    <div className={classes.strip}>
      <div className={classes.stripAxis} aria-hidden>
        <span>{short(high)}</span>
        <span>{short(low)}</span>
      </div>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the slider below takes the keys */}
      <svg
        viewBox={`0 0 ${moments.length} ${ROWS}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('training.weightsStrip', { name, low: short(low), high: short(high) })}
        onClick={({ nativeEvent, currentTarget }) =>
          onChoose(Math.floor((nativeEvent.offsetX / currentTarget.clientWidth) * moments.length))
        }
      >
        {columns.map((shares, x) =>
          shares.map(
            (share, row) =>
              share > 0 && (
                <rect
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                  key={`${x} ${row}`}
                  x={x}
                  y={ROWS - 1 - row}
                  width={1.02}
                  height={1.02}
                  opacity={Math.sqrt(share / most)}
                />
              ),
          ),
        )}
        <rect className={classes.stripChosen} x={place} y={0} width={1} height={ROWS} />
      </svg>
    </div>
  )
}

function Bars({ name, moment: { iteration, histogram } }: { name: string; moment: Moment }) {
  const { t } = useTranslation()
  const { low, high, counts } = histogram
  const most = Math.max(1, ...counts)
  return (
    <figure className={classes.bars}>
      <figcaption>{t('training.weightsAt', { name, iteration })}</figcaption>
      <div className={classes.barRow}>
        {counts.map((count, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
          <span key={at} title={binTitle(histogram, at)} style={{ height: `${(count / most) * 100}%` }} />
        ))}
      </div>
      <div className={classes.barAxis} aria-hidden>
        <span>{short(low)}</span>
        <span>{short(high)}</span>
      </div>
    </figure>
  )

  function binTitle({ low: first, high: last, counts: all }: Histogram, at: number): string {
    const width = (last - first) / all.length
    return t('training.weightsBin', {
      count: all[at] ?? 0,
      low: short(first + at * width),
      high: short(first + (at + 1) * width),
    })
  }
}

/** Three digits that matter. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}
