/** The crops in rows of fixed cells: one stop for Tab, arrows inside. */

import { useElementSize } from '@mantine/hooks'
import { IconAlertTriangle, IconCheck, IconPencil, IconX } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Crop } from '../../../api/types'
import { categoryHotkeys } from '../../../editor/commands/hotkeys'
import { BounceGuard } from '../../../editor/keys/bounce'
import { isOpen, type LabelBox, type LabelCategory } from '../../../editor/scene/label'
import { useOwnKeys } from '../keys/useKeys'
import type { DeskApi } from '../session/deskApi'
import { CropPicture } from './CropPicture'
import type { GridSession } from './GridSession'
import classes from './grid.module.css'
import { type Deed, pressed } from './keys'

const CELL_PX = 152
const GAP_PX = 8
const ICON = { size: 14, 'aria-hidden': true } as const

interface CropGridProps {
  readonly session: GridSession
  readonly api: DeskApi
  readonly categories: readonly LabelCategory[]
  readonly label: string
  onDeed(deed: Deed): void
}

export function CropGrid({ session, api, categories, label, onDeed }: CropGridProps) {
  const { t } = useTranslation()
  const { ref, width } = useElementSize<HTMLDivElement>()
  const root = useRef<HTMLDivElement>(null)
  const { crops, at } = useStore(session.store)
  useStore(session.outbox.store)
  const columns = Math.max(1, Math.floor((width + GAP_PX) / (CELL_PX + GAP_PX)))
  const own = useOwnKeys()
  const hotkeys = useMemo(() => categoryHotkeys(categories, own), [categories, own])
  const guard = useRef(new BounceGuard())
  const asked = useRef(false)
  const names = new Map(categories.map((category) => [category.id, category]))
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every list, the keyboard begins in it.
  useEffect(() => root.current?.focus({ preventScroll: true }), [crops])
  useEffect(() => {
    // In braces: newer browsers return a promise, which React would take for a clean-up.
    document.getElementById(`crop-${at}`)?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const keyDown = (event: KeyboardEvent): void => {
    const deed = pressed(event.nativeEvent, { session, columns, own, hotkeys, guard: guard.current, asked })
    if (!deed) return
    event.preventDefault()
    onDeed(deed)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot hold cells that are chosen by arrows.
    <div
      ref={root}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={`crop-${at}`}
      className={classes.grid}
      data-testid="crops"
      onKeyDown={keyDown}
    >
      <div ref={ref} role="presentation" />
      {rowsOf(crops, columns).map((row, number) => (
        // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: the grid holds the focus.
        <div
          key={row[0]?.box.client_id}
          role="row"
          className={classes.row}
          aria-label={t('grid.row', { number: number + 1 })}
        >
          {row.map((crop, column) => (
            <Cell
              key={crop.box.client_id}
              crop={crop}
              box={session.boxOf(crop)}
              trouble={session.conflictOf(crop) !== null || session.refusalOf(crop) !== null}
              category={names}
              api={api}
              index={number * columns + column}
              chosen={number * columns + column === at}
              choose={() => session.select(number * columns + column)}
            />
          ))}
        </div>
      ))}
    </div>
  )
}

interface CellProps {
  readonly crop: Crop
  readonly box: LabelBox
  readonly trouble: boolean
  readonly category: ReadonlyMap<number, LabelCategory>
  readonly api: DeskApi
  readonly index: number
  readonly chosen: boolean
  choose(): void
}

function Cell({ crop, box, trouble, category, api, index, chosen, choose }: CellProps) {
  const { t } = useTranslation()
  const name = category.get(box.category ?? 0)?.name ?? ''
  const state = trouble ? t('grid.conflict') : t(`grid.state.${box.state}`)
  const risk = box.risk === null ? t('grid.unjudged') : t('grid.risk', { percent: Math.round(box.risk * 100) })
  const shown = trouble ? state : isOpen(box) || box.state === 'edited' ? name : state
  const number = box.risk === null ? '–' : box.risk.toFixed(2)
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the grid holds the focus and takes the keys.
    <div
      id={`crop-${index}`}
      role="gridcell"
      aria-selected={chosen}
      aria-label={`${shown} ${number}, ${name}, ${state}, ${risk}`}
      className={classes.cell}
      data-state={box.state}
      data-trouble={trouble}
      onClick={choose}
    >
      <CropPicture crop={crop} api={api} colour={category.get(crop.box.category ?? 0)?.colour ?? '#ffffff'} />
      <div className={classes.line} data-decided={!isOpen(box)}>
        <Mark state={box.state} trouble={trouble} />
        {/* With the space between them these words begin the cell's name, as who speaks to the page would say them. */}
        <span>{shown}</span> <span>{number}</span>
      </div>
    </div>
  )
}

function Mark({ state, trouble }: { state: LabelBox['state']; trouble: boolean }) {
  if (trouble) return <IconAlertTriangle {...ICON} />
  if (state === 'accepted') return <IconCheck {...ICON} />
  if (state === 'edited') return <IconPencil {...ICON} />
  return state === 'rejected' || state === 'dismissed' ? <IconX {...ICON} /> : null
}

const rowsOf = (crops: readonly Crop[], columns: number): Crop[][] =>
  Array.from({ length: Math.ceil(crops.length / columns) }, (_, row) => crops.slice(row * columns, (row + 1) * columns))
