import { expect, test } from 'vitest'
import type { Drive } from '../../api/types'
import { driveWriteOf, formOf } from './driveForm'

test('a new drive is sampled by time and sends one sampling rule', () => {
  const written = driveWriteOf({ ...formOf(), name: 'A9', sample_fps: 4 })
  expect(written).toMatchObject({ name: 'A9', sample_fps: 4, captured_at: null })
  expect(written).not.toHaveProperty('sample_every')
  expect(written).not.toHaveProperty('taxonomy')
})

test('a drive sampled by every n-th frame stays so', () => {
  const drive = { name: 'A9', taxonomy: { id: 3 }, sample_every: 5, sample_fps: null } as unknown as Drive
  const written = driveWriteOf(formOf(drive))
  expect(written).toMatchObject({ sample_every: 5, taxonomy: 3 })
  expect(written).not.toHaveProperty('sample_fps')
})

test('a time survives the way through the form', () => {
  const drive = { taxonomy: { id: 3 }, captured_at: '2026-03-29T07:45:00.000Z' } as unknown as Drive
  expect(driveWriteOf(formOf(drive)).captured_at).toBe('2026-03-29T07:45:00.000Z')
})
