/** The chosen crop in words: where it is from, why it is risky, and what happened when somebody else was there too. */

import { Button } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Crop } from '../../../api/types'
import type { LabelCategory } from '../../../editor/scene/label'
import { told } from '../../../i18n/told'
import { TextLink } from '../../../ui/ButtonLink'
import type { Conflict } from '../saving/outboxState'
import type { GridSession } from './GridSession'
import classes from './grid.module.css'

export function CropDetail({ session, categories }: { session: GridSession; categories: readonly LabelCategory[] }) {
  const { t } = useTranslation()
  const { crops, at } = useStore(session.store)
  useStore(session.outbox.store)
  const crop = crops[at]
  if (!crop) return null
  const { frame } = crop
  const box = session.boxOf(crop)
  const doubted = box.state === 'missed_candidate' ? 'grid.riskMissed' : 'grid.risk'
  const risk = box.risk === null ? t('grid.unjudged') : t(doubted, { percent: Math.round(box.risk * 100) })
  return (
    <section className={classes.detail} aria-label={t('grid.reason')} data-testid="crop-detail">
      <div>
        <b>{t(`grid.state.${box.state}`)}</b>
        <span>{risk}</span>
        <span>
          {frame.drive_name} · {frame.name}
        </span>
        <TextLink to="/audit/desk" search={{ frame: frame.id }} size="sm" ml="auto">
          {t('grid.desk')}
        </TextLink>
      </div>
      <div>
        <Happened session={session} crop={crop} categories={categories} />
      </div>
    </section>
  )
}

interface HappenedProps {
  readonly session: GridSession
  readonly crop: Crop
  readonly categories: readonly LabelCategory[]
}

function Happened({ session, crop, categories }: HappenedProps) {
  const { t } = useTranslation()
  const conflict = session.conflictOf(crop)
  const refusal = session.refusalOf(crop)
  if (conflict)
    return (
      <>
        <span role="alert">{conflictText(conflict, crop, categories, t)}</span>
        <Button size="compact-sm" onClick={() => void session.settle(crop.frame.id, 'mine')}>
          {t('grid.mine')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => void session.settle(crop.frame.id, 'theirs')}>
          {t('grid.theirs')}
        </Button>
      </>
    )
  if (refusal)
    return (
      <>
        <span role="alert">{t('grid.refused', { reason: refusal.reason })}</span>
        <Button size="compact-sm" variant="default" onClick={() => void session.outbox.dismiss([refusal.id])}>
          {t('grid.dismiss')}
        </Button>
      </>
    )
  if (crop.held_by) return <span>{t('grid.lent', { name: crop.held_by })}</span>
  return <span>{told(crop.box.signals[0]?.sentence ?? '')}</span>
}

/** Their state of this very box: the frame may have been changed elsewhere only. */
function conflictText(conflict: Conflict, crop: Crop, categories: readonly LabelCategory[], t: TFunction): string {
  if (conflict.heldBy !== null) return t('grid.held', { name: conflict.heldBy })
  const theirs = conflict.current?.boxes.find(({ client_id }) => client_id === crop.box.client_id) ?? crop.box
  const category = categories.find(({ id }) => id === theirs.category)?.name ?? '–'
  return t('grid.changed', { state: t(`grid.state.${theirs.state}`), category })
}
