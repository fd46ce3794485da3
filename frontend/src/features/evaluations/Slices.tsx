/** AP on parts of the data: where the light, the weather, the size or the place makes the model worse. */
import { Paper, SimpleGrid, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Report, SliceFigures } from '../../api/report'
import classes from './evaluations.module.css'
import { FigureBar } from './FigureBar'
import { orderedSlices } from './slices'

export function Slices({ slices }: { slices: Report['slices'] }) {
  const { t } = useTranslation()
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      {orderedSlices(slices).map(({ name, parts }) => (
        <Paper key={name} withBorder p="md" component="section" aria-labelledby={`slice-${name}`}>
          <Title order={2} size="h4" mb="sm" id={`slice-${name}`}>
            {isNamed(name) ? t(`evaluations.slice.${name}`) : name.replaceAll('_', ' ')}
          </Title>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
          <ul className={classes.slices} tabIndex={0} aria-labelledby={`slice-${name}`}>
            {parts.map(([value, figures]) => (
              <Part key={value} slice={name} value={value} figures={figures} />
            ))}
          </ul>
        </Paper>
      ))}
    </SimpleGrid>
  )
}

function Part({ slice, value, figures }: { slice: string; value: string; figures: SliceFigures }) {
  const { t, i18n } = useTranslation()
  const key = WORDS[slice] && (value === 'unknown' ? 'versions.unknown' : `${WORDS[slice]}.${value}`)
  const title = key && i18n.exists(key) ? t(key as 'explore.scenes.day') : value
  return (
    <li>
      <span className={classes.sliceName} title={title}>
        {title}
      </span>
      <FigureBar value={figures.AP} />
      <span className={classes.sliceFrames}>
        {figures.frames !== undefined && t('counted.frames', { count: figures.frames })}
      </span>
    </li>
  )
}

/** Where the parts of a slice have words of ours; a drive is called what people called it. */
const WORDS: Readonly<Record<string, string>> = {
  size: 'dashboard.slice',
  time_of_day: 'explore.scenes',
  weather: 'explore.scenes',
}

const NAMED = ['size', 'time_of_day', 'weather', 'drive'] as const

function isNamed(name: string): name is (typeof NAMED)[number] {
  return (NAMED as readonly string[]).includes(name)
}
