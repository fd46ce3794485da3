/** What a device asks of a run: which labels are believed how, the refinements for its chip, and a budget, with the figures of what is chosen. */
import { Alert, Button, Checkbox, Group, NumberInput, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SizeFigures } from '../../api/types'
import { told } from '../../i18n/told'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatParameters } from '../../ui/format'
import { type FiguresAsked, figuresQuery } from './queries'
import { type Budget, baseOf, LABELS, type LabelChoice, labelsOf, REFINEMENTS, refinementsOf, sizeWith } from './sizes'

const TYPING_MS = 250

interface EdgeFieldsProps {
  size: string
  width: number
  height: number
  version: number | null
  split: string
  method: string
  /** Splits that the version can be read as. */
  splits: readonly string[]
  budget: Budget
  errors: Record<string, ReactNode>
  onLabels: (choice: LabelChoice) => void
  onSize: (chosen: Pick<SizeFigures, 'size' | 'width' | 'height'>) => void
  onBudget: (budget: Budget) => void
}

export function EdgeFields(props: EdgeFieldsProps) {
  const { t } = useTranslation()
  const { size, width, height, budget, errors, onSize, onBudget } = props
  const limit = (name: keyof Budget, scale: number) => ({
    value: budget[name] === null ? '' : budget[name] / scale,
    onChange: (value: number | string) => onBudget({ ...budget, [name]: value === '' ? null : Number(value) * scale }),
    error: errors[`budget.${name}`],
    min: 0,
    placeholder: t('edge.noLimit'),
  })
  return (
    <Paper withBorder p="md" component="section" aria-label={t('edge.forDevice')}>
      <Title order={2} size="h5" mb="sm">
        {t('edge.forDevice')}
      </Title>
      <Stack gap="md">
        <Labels {...props} />
        {size !== '' && (
          <Checkbox.Group
            label={t('edge.refinements')}
            value={refinementsOf(size)}
            onChange={(chosen) => onSize({ size: sizeWith(baseOf(size), chosen), width, height })}
          >
            <Group mt={6} gap="lg">
              {REFINEMENTS.map((name) => (
                <Checkbox key={name} value={name} label={t(`edge.refinement.${name}`)} />
              ))}
            </Group>
          </Checkbox.Group>
        )}
        <Group grow align="start">
          <NumberInput label={t('edge.limit.parameters')} decimalScale={2} {...limit('parameters', 1e6)} />
          <NumberInput label={t('edge.limit.gflops')} decimalScale={2} {...limit('gflops', 1)} />
          <NumberInput label={t('edge.limit.milliseconds')} decimalScale={1} {...limit('milliseconds', 1)} />
        </Group>
        {size === '' ? (
          <Text size="sm" c="dimmed">
            {t('edge.chooseSize')}
          </Text>
        ) : (
          <Told {...props} />
        )}
      </Stack>
    </Paper>
  )
}

function Labels({ split, method, splits, version, onLabels }: EdgeFieldsProps) {
  const { t } = useTranslation()
  const there = LABELS.filter((one) => splits.includes(one.split))
  if (version === null || there.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('edge.noLabels')}
      </Text>
    )
  return (
    <div>
      <Text size="sm" fw={500} mb={4} id="edge-labels">
        {t('edge.labels')}
      </Text>
      <SegmentedControl
        aria-labelledby="edge-labels"
        data={there.map(({ name }) => ({ value: name, label: t(`edge.label.${name}`) }))}
        value={labelsOf(split, method)?.name ?? ''}
        onChange={(name) => {
          const chosen = LABELS.find((one) => one.name === name)
          if (chosen) onLabels(chosen)
        }}
      />
    </div>
  )
}

/** The figures of the size at this input, what of them is over the budget, and what would help. */
function Told({ size, width, height, version, budget, onSize }: EdgeFieldsProps) {
  const { t } = useTranslation()
  const [asked] = useDebouncedValue<FiguresAsked>(
    { size, width, height, dataset_version: version, ...budget },
    TYPING_MS,
  )
  const answer = useQuery({ ...figuresQuery(asked), placeholderData: keepPreviousData })
  if (answer.isError) return <ErrorNote error={answer.error} />
  const over = Object.values(answer.data?.over ?? {})
  return (
    <Stack gap="xs" mih={44}>
      {answer.data && <Figures row={answer.data} />}
      {over.length > 0 && (
        <Alert color="orange" title={t('edge.over')}>
          <Text size="sm">{t('edge.overBy', { what: over.map((one) => told(one)).join(t('edge.overAnd')) })}</Text>
          {answer.data?.helps.map((row) => (
            <Group key={`${row.size} ${row.width}`} gap="sm" mt={8}>
              <Button size="compact-xs" variant="default" onClick={() => onSize(row)}>
                {t(`edge.help.${row.switch}`, { size: row.size, width: row.width, height: row.height })}
              </Button>
              <Figures row={row} />
            </Group>
          ))}
          {answer.data?.helps.length === 0 && <Text size="sm">{t('edge.nothingHelps')}</Text>}
        </Alert>
      )}
    </Stack>
  )
}

function Figures({ row }: { row: SizeFigures }) {
  const { t } = useTranslation()
  const time = row.off_bpu
    ? t('edge.noTime', { count: row.off_bpu })
    : t('edge.time', { best: row.best_ms.toFixed(1), worst: row.worst_ms.toFixed(1) })
  return (
    <Text size="sm" style={{ fontVariantNumeric: 'tabular-nums' }}>
      {row.size} · {row.width} × {row.height} · {formatParameters(row.parameters)} · {row.gflops.toFixed(2)} GFLOPs ·{' '}
      {time}
    </Text>
  )
}
