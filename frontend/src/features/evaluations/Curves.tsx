/** Precision over recall, category by category. */
import { Chip, Group, Paper, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Curve, Report } from '../../api/report'
import { CurvePlot } from './CurvePlot'
import { ALL, colourOf, curveNames, FIRST_SHOWN } from './curves'
import classes from './evaluations.module.css'

export function Curves({ curves }: { curves: Report['pr_curves'] }) {
  const { t } = useTranslation()
  const names = curveNames(curves)
  const [shown, setShown] = useState<string[]>(names.slice(0, FIRST_SHOWN))
  const lines = names.flatMap((name, at) => {
    const curve: Curve | undefined = curves[name]
    const title = name === ALL ? t('evaluations.allCategories') : name
    return curve && shown.includes(name) ? [{ name: title, colour: colourOf(at), curve }] : []
  })
  return (
    <Paper withBorder p="md">
      <Text size="sm" c="dimmed" mb="sm">
        {t('evaluations.curvesLead')}
      </Text>
      <Chip.Group multiple value={shown} onChange={setShown}>
        <Group gap={6} mb="md">
          {names.map((name, at) => (
            <Chip key={name} value={name} size="xs" variant="outline">
              <i className={classes.swatch} style={{ background: colourOf(at) }} />
              {name === ALL ? t('evaluations.allCategories') : name}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <CurvePlot lines={lines} />
    </Paper>
  )
}
