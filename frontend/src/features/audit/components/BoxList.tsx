/** The stage in words: every box as an option of a listbox. Only the rows in view exist, so that 2,000 boxes cost nothing. */

import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, memo, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { commandOf } from '../../../editor/commands/registry'
import { BounceGuard } from '../../../editor/keys/bounce'
import { LINE_STYLES } from '../../../editor/render/style'
import { describeLabel, type LabelBox, type LabelCategory } from '../../../editor/scene/label'
import { isSelected, shownBoxes } from '../../../editor/state'
import { told } from '../../../i18n/told'
import classes from './desk.module.css'
import { useCommand, useDesk, useEditor } from './useDesk'

const ROW_PX = 26
const KEYS: Readonly<Record<string, string>> = {
  ArrowDown: 'next-box',
  ArrowUp: 'previous-box',
  Enter: 'accept',
  Home: 'fit-frame',
}

export function BoxList() {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const run = useCommand()
  const labelled = useEditor((state) => state.labelled)
  const preferences = useEditor((state) => state.preferences)
  const selected = useEditor((state) => state.selected)
  const alongside = useEditor((state) => state.alongside)
  const categories = useEditor((state) => state.categories)
  const boxes = useMemo(
    () => shownBoxes({ ...editor.state, labelled, selected, alongside, preferences }),
    [editor, labelled, preferences, selected, alongside],
  )
  const guard = useRef(new BounceGuard())
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: boxes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 4,
  })
  const at = boxes.findIndex((box) => box.client_id === selected)
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at)
  }, [at, rows])

  const keyDown = (event: KeyboardEvent): void => {
    const command = KEYS[event.key]
    if (!command || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    if (guard.current.bounced(event.key, event.nativeEvent) && commandOf(command).decides) return
    run(command)
  }

  return (
    <section className={classes.boxes} aria-label={t('audit.boxes')}>
      <h3>
        {t('audit.boxes')}{' '}
        <span className={classes.dim}>
          {alongside.size > 0
            ? t('view.selected', { count: 1 + alongside.size })
            : t('audit.boxesOrder', { count: boxes.length })}
        </span>
      </h3>
      <div
        ref={scroller}
        className={classes.scroller}
        role="listbox"
        aria-multiselectable
        tabIndex={0}
        aria-label={t('audit.boxesOfFrame')}
        aria-activedescendant={selected ? `box-${selected}` : undefined}
        onKeyDown={keyDown}
        data-leave-stage
      >
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
          {rows.getVirtualItems().map(({ index, start }) => {
            const box = boxes[index]
            if (!box) return null
            return (
              <BoxRow
                key={box.client_id}
                box={box}
                top={start}
                place={index + 1}
                total={boxes.length}
                selected={isSelected({ selected, alongside }, box)}
                inQuestion={box.client_id === selected}
                category={categories.find((one) => one.id === box.category) ?? null}
              />
            )
          })}
        </div>
      </div>
    </section>
  )
}

interface BoxRowProps {
  box: LabelBox
  top: number
  place: number
  total: number
  selected: boolean
  inQuestion: boolean
  category: LabelCategory | null
}

const BoxRow = memo(function BoxRow({ box, top, place, total, selected, inQuestion, category }: BoxRowProps) {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const select = (adds: boolean): void => (adds ? editor.toggle(box) : editor.select(box.client_id))
  const name = category?.name ?? t('audit.ignore')
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox takes the keys, its options the clicks.
    <div
      id={`box-${box.client_id}`}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-posinset={place}
      aria-setsize={total}
      data-state={box.state}
      data-in-question={inQuestion}
      onMouseDown={(event) => event.preventDefault()}
      onClick={(event) => select(event.shiftKey || event.ctrlKey || event.metaKey)}
    >
      <span className={classes.words}>{told(describeLabel(box, name))}</span>
      <span className={classes.sign} aria-hidden>
        {LINE_STYLES[box.state].sign}
      </span>
      <span className={classes.swatch} style={{ background: category?.colour }} />
      <span className={classes.name} aria-hidden>
        {name}
      </span>
      <span className={classes.dim} aria-hidden>
        {box.risk === null ? '' : box.risk.toFixed(2)}
      </span>
    </div>
  )
})
