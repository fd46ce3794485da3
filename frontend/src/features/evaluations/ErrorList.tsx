/** Every error, by kind and category, beside the chosen one in its frame. */
import { Group, Paper, Select, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DetectionError, ERROR_KINDS, type ErrorKind, type Report } from '../../api/report'
import { ErrorPreview } from './ErrorPreview'
import { categoriesOf, chosenErrors, type ErrorFilter } from './errors'
import classes from './evaluations.module.css'

const ROW_PX = 34

export function ErrorList({ report, filter }: { report: Report; filter: ErrorFilter }) {
  const { t } = useTranslation()
  const errors = chosenErrors(report.errors, filter)
  const [at, setAt] = useState(0)
  const chosen = errors[Math.min(at, errors.length - 1)]
  const total = ERROR_KINDS.reduce((sum, kind) => sum + report.error_counts[kind], 0)
  return (
    <Paper withBorder p="md">
      <Group mb="sm" gap="sm" align="flex-end">
        <Filters report={report} filter={filter} />
        <Text size="sm" c="dimmed" pb={8} aria-live="polite">
          {t('evaluations.errorsShown', { count: errors.length })}
          {total > report.errors.length && ` ${t('evaluations.errorsCut', { total, kept: report.errors.length })}`}
        </Text>
      </Group>
      <div className={classes.errors}>
        <Rows key={`${filter.kind} ${filter.category}`} errors={errors} chosen={chosen} onChoose={setAt} />
        <ErrorPreview error={chosen} />
      </div>
    </Paper>
  )
}

function Filters({ report, filter: { kind, category } }: { report: Report; filter: ErrorFilter }) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/models/evaluations/$evaluationId' })
  const choose = (changes: ErrorFilter) =>
    void navigate({
      search: { part: 'errors', kind, category, ...changes },
      replace: true,
      resetScroll: false,
    })
  return (
    <>
      <Select
        w={190}
        clearable
        label={t('evaluations.error')}
        placeholder={t('evaluations.anyKind')}
        data={ERROR_KINDS.map((value) => ({ value, label: t(`evaluations.kind.${value}`) }))}
        value={kind ?? null}
        onChange={(value) => choose({ kind: (value as ErrorKind | null) ?? undefined })}
      />
      <Select
        w={220}
        clearable
        searchable
        label={t('evaluations.category')}
        placeholder={t('evaluations.anyCategory')}
        data={categoriesOf(report.errors)}
        value={category ?? null}
        onChange={(value) => choose({ category: value ?? undefined })}
      />
    </>
  )
}

interface RowsProps {
  errors: DetectionError[]
  chosen: DetectionError | undefined
  onChoose: (at: number) => void
}

/** Two thousand rows at most, of which those in sight are drawn. */
function Rows({ errors, chosen, onChoose }: RowsProps) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: errors.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  })
  const at = chosen ? errors.indexOf(chosen) : -1
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key]
    if (step === undefined || errors.length === 0) return
    event.preventDefault()
    const next = Math.max(0, Math.min(errors.length - 1, at + step))
    onChoose(next)
    rows.scrollToIndex(next)
  }
  return (
    <div
      ref={scroller}
      className={classes.errorRows}
      role="listbox"
      tabIndex={0}
      aria-label={t('evaluations.part.errors')}
      aria-activedescendant={at >= 0 ? `error-${at}` : undefined}
      onKeyDown={move}
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
        {rows.getVirtualItems().map(({ index, start }) => {
          const error = errors[index]
          return (
            error && (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list box takes the keys
              <div
                key={index}
                id={`error-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                className={classes.errorRow}
                style={{ transform: `translateY(${start}px)`, height: ROW_PX }}
                onClick={() => onChoose(index)}
              >
                <ErrorText error={error} />
              </div>
            )
          )
        })}
      </div>
    </div>
  )
}

function ErrorText({ error: { kind, category, predicted, score } }: { error: DetectionError }) {
  const { t } = useTranslation()
  return (
    <>
      <i style={{ background: `var(--kind-${kind})` }} />
      <span>{t(`evaluations.kind.${kind}`)}</span>
      <span className={classes.errorNames}>
        {category !== predicted && category !== null && predicted !== null
          ? `${category} → ${predicted}`
          : (predicted ?? category)}
      </span>
      <span className={classes.barFigure}>{score === null ? '' : score.toFixed(2)}</span>
    </>
  )
}
