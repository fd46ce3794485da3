/** One export: its figures in a line, its state while there are none, and by a click what is behind them. */
import { ActionIcon, Table, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronDown, IconChevronRight, IconDownload, IconEye } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { EdgeExport } from '../../api/types'
import { told } from '../../i18n/told'
import { formatBytes, formatFigure } from '../../ui/format'
import { JobProgress } from '../jobs/JobProgress'
import { isActive } from '../jobs/polling'
import { EdgeReport } from './EdgeReport'
import classes from './edge.module.css'
import { figuresOf, inputOf, refusalOf } from './figures'
import { edgeFileUrl } from './queries'

/** With the runtime of networks, which no other page needs. */
const TryDialog = lazy(() => import('./TryDialog').then((module) => ({ default: module.TryDialog })))
const NUMBERS = 6

export function EdgeExportRow({ row, columns }: { row: EdgeExport; columns: number }) {
  const { t } = useTranslation()
  const [open, { toggle }] = useDisclosure()
  const [trying, attempt] = useDisclosure()
  const target = t(`edge.targets.${row.target}`)
  const Chevron = open ? IconChevronDown : IconChevronRight
  return (
    <>
      <Table.Tr style={{ fontVariantNumeric: 'tabular-nums' }}>
        <Table.Td>
          {row.report && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-expanded={open}
              aria-label={t('edge.details', { id: row.id })}
              onClick={toggle}
            >
              <Chevron size={16} />
            </ActionIcon>
          )}
        </Table.Td>
        <Table.Td fw={600} className={classes.whole}>
          {target}
        </Table.Td>
        <Table.Td className={classes.whole}>{inputOf(row) ?? t('edge.asTrained')}</Table.Td>
        {row.sha256 ? <Figures row={row} /> : <NoZip row={row} />}
        <Table.Td className={classes.whole}>
          {row.sha256 && (
            <Tooltip label={t('edge.try')}>
              <ActionIcon variant="subtle" aria-label={t('edge.tryOf', { target })} onClick={attempt.open}>
                <IconEye size={16} />
              </ActionIcon>
            </Tooltip>
          )}
          {row.sha256 && (
            <Tooltip label={t('edge.download')}>
              <ActionIcon
                component="a"
                href={edgeFileUrl(row.id)}
                download
                variant="subtle"
                aria-label={t('edge.downloadOf', { name: row.model.name, target })}
              >
                <IconDownload size={16} />
              </ActionIcon>
            </Tooltip>
          )}
        </Table.Td>
      </Table.Tr>
      {trying && (
        <Suspense fallback={null}>
          <TryDialog row={row} onClose={attempt.close} />
        </Suspense>
      )}
      {open && row.report && (
        <Table.Tr>
          <Table.Td colSpan={columns}>
            <EdgeReport report={row.report} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  )
}

function Figures({ row }: { row: EdgeExport }) {
  const { t } = useTranslation()
  const { ap, ap8, lost, ms, x3, processor } = figuresOf(row)
  return (
    <>
      <Table.Td ta="right">{row.size !== null && formatBytes(row.size)}</Table.Td>
      <Table.Td ta="right">{formatFigure(ap)}</Table.Td>
      <Table.Td ta="right">{formatFigure(ap8)}</Table.Td>
      <Table.Td ta="right">{formatFigure(lost)}</Table.Td>
      <Table.Td ta="right">
        <Tooltip label={t('edge.msHelp', { processor })} disabled={!processor}>
          <span>{ms}</span>
        </Tooltip>
      </Table.Td>
      <Table.Td ta="right">{x3}</Table.Td>
    </>
  )
}

/** It runs, or it ended without a zip: then why. */
function NoZip({ row }: { row: EdgeExport }) {
  const { t } = useTranslation()
  const { job } = row
  if (job && isActive(job))
    return (
      <Table.Td colSpan={NUMBERS}>
        <JobProgress job={job} />
      </Table.Td>
    )
  if (job?.state === 'succeeded')
    return (
      <Table.Td colSpan={NUMBERS}>
        <Text size="sm" c="dimmed">
          {t('edge.taken')}
        </Text>
      </Table.Td>
    )
  const refusal = refusalOf(row)
  return (
    <Table.Td colSpan={NUMBERS}>
      <Text size="sm" c="red" fw={600} component="span">
        {t(refusal ? 'edge.refused' : 'edge.failed')}:{' '}
      </Text>
      <Text size="sm" component="span">
        {job
          ? [job.error?.detail, job.error?.hint].flatMap((said) => (said ? [told(said)] : [])).join(' ') ||
            t(`jobs.state.${job.state}`)
          : t('edge.gone')}
      </Text>
    </Table.Td>
  )
}
