/** A few frames of the file with their boxes drawn, before anything is written. */
import { Paper, SimpleGrid, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Category, CategoryMapping, LabelImport } from '../../api/types'
import { previewUrl } from './queries'

const IGNORED_COLOUR = '#9a9a9a'

interface ImportPreviewProps {
  one: LabelImport
  mapping: CategoryMapping
  categories: Category[]
}

export function ImportPreview({ one, mapping, categories }: ImportPreviewProps) {
  const { t } = useTranslation()
  const shown = one.survey?.preview ?? []
  const colours = new Map(categories.map(({ name, colour }) => [name, colour]))
  const colourOf = (name: string) => colours.get(mapping[name] ?? '') ?? IGNORED_COLOUR
  return (
    <Paper withBorder p="md">
      <Text fw={600} mb="xs">
        {t('exchange.preview')}
      </Text>
      {shown.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('exchange.noPreview')}
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {shown.map(({ name, width, height, boxes }, number) => (
          <figure key={name} style={{ margin: 0 }}>
            <svg
              viewBox={`0 0 ${width} ${height}`}
              role="img"
              aria-label={t('exchange.previewOf', { name, count: boxes.length })}
              style={{ display: 'block', width: '100%', borderRadius: 4 }}
            >
              <image href={previewUrl(one.id, number)} width={width} height={height} />
              {boxes.map(({ bbox: [x, y, w, h], category }, place) => (
                <rect
                  // biome-ignore lint/suspicious/noArrayIndexKey: boxes of a file have no other name and never change
                  key={place}
                  x={x}
                  y={y}
                  width={w}
                  height={h}
                  fill="none"
                  stroke={colourOf(category)}
                  strokeWidth={2}
                  vectorEffect="non-scaling-stroke"
                >
                  <title>{category}</title>
                </rect>
              ))}
            </svg>
            <Text component="figcaption" size="xs" c="dimmed" truncate>
              {name}
            </Text>
          </figure>
        ))}
      </SimpleGrid>
    </Paper>
  )
}
