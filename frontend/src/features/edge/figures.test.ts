import { expect, test } from 'vitest'
import type { EdgeExport } from '../../api/types'
import { figuresOf, inputOf, refusalOf } from './figures'
import { INITIAL, writeOf } from './form'

const ROW = { width: null, height: null, report: null, speed: null, job: null } as unknown as EdgeExport

test('an export that runs has no figures yet', () => {
  expect(figuresOf(ROW)).toEqual({ ap: null, ap8: null, lost: null, ms: '', x3: '', processor: '' })
  expect(inputOf(ROW)).toBeNull()
})

test('figures of both precisions stand side by side', () => {
  const report = {
    ap: { ap: 0.31 },
    int8: { after: 0.3, lost: 0.01 },
    input: { width: 512, height: 288 },
    horizon_x3: { off_bpu: 0, estimated_ms: { best: 15.1, worst: 17.5 } },
  }
  const speed = { fp32: { p50_ms: 20.93 }, int8: { p50_ms: 8.31 }, processor: 'Xeon' }
  const row = { ...ROW, report, speed } as unknown as EdgeExport
  expect(figuresOf(row)).toEqual({
    ap: 0.31,
    ap8: 0.3,
    lost: 0.01,
    ms: '20.9 / 8.3',
    x3: '15.1–17.5',
    processor: 'Xeon',
  })
  expect(inputOf(row)).toBe('512 × 288')
})

test('too large a loss is a refusal, any other end a failure', () => {
  const ended = (code: string) => ({ ...ROW, job: { error: { code } } }) as unknown as EdgeExport
  expect(refusalOf(ended('too_much_lost'))).toBe(true)
  expect(refusalOf(ended('bad_checkpoint'))).toBe(false)
})

test('empty sides are those of the training, and no version is rendered scenes', () => {
  const asked = writeOf(7, { ...INITIAL, version: '', judge: '' })
  expect(asked).toMatchObject({ model: 7, dataset_version: null, judge_split: '', width: null, height: null })
  expect(writeOf(7, { ...INITIAL, version: '3', judge: 'val', width: 512, height: '288' })).toMatchObject({
    dataset_version: 3,
    judge_split: 'val',
    width: 512,
    height: 288,
  })
})
