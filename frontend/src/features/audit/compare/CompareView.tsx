/** The frame with both labellings, a legend that counts, and a walk through what differs. */
import { ActionIcon, Group, Kbd, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { apiUrl } from '../../../api/client'
import type { LabelComparison, LabelPair } from '../../../api/types'
import { describeBox } from '../../../editor/math/box'
import type { Camera } from '../../../editor/math/camera'
import type { Surface } from '../../../editor/render/surface'
import { told } from '../../../i18n/told'
import { LineSample } from '../../../ui/LineSample'
import { PictureStage } from '../../../ui/PictureStage'
import { useImage } from '../../../ui/useImage'
import { useEditor } from '../components/useDesk'
import classes from './compare.module.css'
import { LOOK_OF, paint } from './paint'
import { differencesOf, nameOf, OUTCOMES, placeOf, walked } from './pairs'

interface CompareViewProps {
  frame: { id: number; name: string; width: number; height: number }
  found: LabelComparison
}

export function CompareView({ frame, found: { pairs, counts } }: CompareViewProps) {
  const { t } = useTranslation()
  const image = useImage(apiUrl(`/frames/${frame.id}/image`))
  const differences = useMemo(() => differencesOf(pairs), [pairs])
  const [at, setAt] = useState<number | null>(null)
  const [camera, setCamera] = useState<Camera | null>(null)
  const chosen = at === null ? null : (differences[at] ?? null)
  const focus = useMemo(() => chosen && placeOf(chosen), [chosen])
  const named = useNames()
  const draw = useCallback(
    (surface: Surface, seen: Camera) => paint(surface, seen, { image, size: frame, pairs, chosen, named }),
    [image, frame, pairs, chosen, named],
  )
  const look = (place: number | null): void => {
    setCamera(null)
    setAt(place)
  }
  const step = (by: 1 | -1): void => look(walked(at, by, differences.length))
  useHotkeys([
    ['ArrowRight', () => step(1)],
    ['ArrowLeft', () => step(-1)],
    ['Home', () => look(null)],
  ])
  return (
    <>
      <Legend counts={counts} />
      <div style={{ maxWidth: `calc((100vh - 300px) * ${frame.width / frame.height})`, margin: '8px auto' }}>
        <PictureStage
          frame={frame}
          camera={camera}
          focus={focus}
          label={t('view.compare.stage', { frame: frame.name, count: differences.length })}
          draw={draw}
          onCamera={setCamera}
        />
      </div>
      <Group gap="xs">
        <ActionIcon variant="default" aria-label={t('view.compare.previous')} onClick={() => step(-1)}>
          <IconChevronLeft size={16} />
        </ActionIcon>
        <ActionIcon data-autofocus variant="default" aria-label={t('view.compare.next')} onClick={() => step(1)}>
          <IconChevronRight size={16} />
        </ActionIcon>
        <Text size="sm" component="output" aria-live="polite" data-testid="difference">
          {chosen === null || at === null
            ? t('view.compare.differences', { count: differences.length })
            : t('view.compare.difference', {
                at: at + 1,
                of: differences.length,
                outcome: t(`view.compare.outcome.${chosen.outcome}`),
                what: `${named(chosen)}, ${told(describeBox(placeOf(chosen)))}`,
              })}
        </Text>
        <Text size="xs" c="dimmed" ml="auto">
          <Kbd size="xs">←</Kbd> <Kbd size="xs">→</Kbd> {t('view.compare.keys')} <Kbd size="xs">Home</Kbd>{' '}
          {t('view.compare.whole')}
        </Text>
      </Group>
    </>
  )
}

/** A pair in words; the function changes only with the taxonomy. */
function useNames(): (pair: LabelPair) => string {
  const { t } = useTranslation()
  const categories = useEditor((state) => state.categories)
  return useCallback(
    (pair) => nameOf(pair, (id) => categories.find((one) => one.id === id)?.name ?? t('audit.ignore')),
    [categories, t],
  )
}

/** What the lines mean: dashes and thickness say it too, not colour alone. */
function Legend({ counts }: { counts: LabelComparison['counts'] }) {
  const { t } = useTranslation()
  return (
    <ul className={classes.legend}>
      {OUTCOMES.map((outcome) => (
        <li key={outcome}>
          <LineSample look={LOOK_OF[outcome]} />
          {t(`view.compare.outcome.${outcome}`)} <strong>{counts[outcome]}</strong>
        </li>
      ))}
    </ul>
  )
}
