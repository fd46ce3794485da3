/** No announcement of the desk is left in English on a Chinese page. */

import { describe, expect, test } from 'vitest'
import { type BoxState, describeLabel, STATE_WORDS } from '../editor/scene/label'
import { labelBox } from '../testing/desk'
import { told } from './told'

const sources = import.meta.glob<string>(['../editor/**/*.ts', '../features/audit/session/*.ts', '!../**/*.test.ts'], {
  eager: true,
  query: '?raw',
  import: 'default',
})

/** What is said by one literal; what a `${}` stands for is a number or a name. */
function announcements(): string[] {
  const calls = /(?:announce|titled|apply|decide)\(\s*(?:\w+ === 1 \? )?(['`])((?:(?!\1).)+)\1/g
  const found = Object.values(sources).flatMap((source) => [...source.matchAll(calls)].map((match) => match[2] ?? ''))
  // What only begins with other announcements is asserted below.
  const whole = found.filter((text) => !/^\$\{first/.test(text))
  return [...new Set(whole)].map((text) => text.replaceAll(/\$\{[^}]*\}/g, '3')).filter((text) => /[a-z]/.test(text))
}

describe('an announcement', () => {
  test.each(announcements())('"%s" is told in Chinese', (text) => {
    expect(told(text, 'zh')).toMatch(/[\u4e00-\u9fff]/)
    expect(told(text, 'en')).toBe(text)
  })

  test('within another is told too', () => {
    expect(told('Undone: Relabelled 3 boxes truck, frame finished', 'zh')).toBe(
      '已撤销：3 个框已改为 truck，此帧已完成',
    )
    expect(told('Accepted. 2 hidden boxes still wait for a decision. Shift+G shows all.', 'zh')).toBe(
      '已接受 还有 2 个隐藏的框待决定。Shift+G 全部显示。',
    )
    expect(told('Score from 0.20: 3 hidden, 1 of them to decide', 'zh')).toBe(
      '置信度 ≥ 0.20：隐藏 3 个，其中 1 个待决定',
    )
  })

  test('are found in the sources', () => expect(announcements().length).toBeGreaterThan(15))
})

/** A sentence of each kind that `ml/risk` writes. */
const REASONS = [
  'very low score: car .41',
  'class unsure: truck .41, bus .38',
  'car found again hardly in the mirrored frame: support .12',
  'person found again weakly in a part of the frame: support .52',
  'possibly missed person: score .22, no box on it',
  'possibly missed car: score .31, a bus box overlaps it by 34%',
  'a car_reg box overlaps it by 62%, 2 more do less',
  'no other box on it',
  'the same car is labelled before and after',
  'second model sees nothing here',
  'second model disagrees: truck .61, IoU .82',
  'second model agrees in 2 of 5 other frames of its track',
  'box jumps 23 px off its course',
  'track skips 1 frame(s) after this one',
  'seen in this frame only, not before or after',
  'steady over 12 frames',
  'car in all 9 frames of its track',
  'class flips: car here, truck in 4 of 9 frames of its track',
  'closest in-path object',
  'vulnerable road user',
  'small: 14 x 11 px',
]

test.each(REASONS)('the reason "%s" is told in Chinese, names and numbers kept', (reason) => {
  const chinese = told(reason, 'zh')
  expect(chinese).toMatch(/[\u4e00-\u9fff]/)
  expect(chinese.replaceAll(/car_reg|car|truck|bus|person|IoU|px/g, '')).not.toMatch(/[a-z]/i)
  for (const [number] of reason.matchAll(/\d+/g)) expect(chinese).toContain(number)
})

test('a doubt is told in Chinese too', () => {
  expect(told(describeLabel(labelBox('a', { unsure: true }), 'truck'), 'zh')).toContain('不确定，200×100，位于 100,100')
})

test.each(Object.keys(STATE_WORDS) as BoxState[])('a box that is %s is told in Chinese', (state) => {
  for (const risk of [null, 0.82])
    expect(told(describeLabel(labelBox('a', { state, risk }), 'truck'), 'zh')).not.toMatch(
      /decide|missed|ed\b|wrong| at /,
    )
})

/** A sentence of each kind that a device or the platform writes of a frame or an alarm. */
const DEVICES = [
  'boxes that score 0.25 to 0.6: 5',
  'objects that vanished: 1, that tremble: 0',
  'small boxes: 3',
  'boxes that only one of two models has: 2',
  'scene hardly sent so far: night, rain',
  'scene hardly sent so far: fog',
  'closest in-path object scores 0.27',
  'The cloud sees nothing in the path.',
  'The cloud sees a person in the path, 9 m ahead.',
  'The cloud sees a car 20 m ahead.',
  'The cloud sees a car_reg 0.4 s ahead.',
  'By frames that stayed on the device, filled in from their labelled neighbours.',
]

test.each(DEVICES)('"%s" is told in Chinese', (text) => {
  expect(told(text, 'zh').replaceAll(/car_reg|car|person/g, '')).not.toMatch(/[a-z]/i)
})

const rules = import.meta.glob<string>('../../../ml/export/bpu_rules.py', {
  eager: true,
  query: '?raw',
  import: 'default',
})

/** Every condition that `ml/export/bpu_rules.py` names, as the report of operators says it. */
function conditions(): string[] {
  const [source = ''] = Object.values(rules)
  const numbers = { CHANNELS: '2048', ELEMENTS: '8192' }
  const said = [...source.matchAll(/Rule\(\s*f?"([^"]+)"/g)].map(([, text = '']) =>
    text.replace(/\{(CHANNELS|ELEMENTS)\}/g, (_, name: keyof typeof numbers) => numbers[name]),
  )
  return [...new Set(said)].map((text) => `a condition of the BPU does not hold: ${text}`)
}

/** A sentence of each other kind that `ml/export` and `ml/models/yolox/budget.py` write of a chip. */
const CHIPS = [
  'the BPU has no such operator',
  "not in the vendor's table",
  'estimate: no X3 was at hand; 2 x multiply-adds over 0.31 to 0.36 TOPS of one core, from published latencies of other networks',
  'estimate: no X3 was at hand; 2 x multiply-adds over 0.31 to 0.36 TOPS of one core, from published latencies of other networks; without the 5 operators off the BPU, which cost more',
  '0.91 M parameters, at most 0.50 M',
  '1.08 GFLOPs, at most 0.5',
  '15.1 ms, at most 10',
  '74 activations off the BPU, so that no time on the chip can be told',
  '8 bits lose 0.020 AP overall (limit 0.01), 0.050 AP of car (limit 0.03), 0.041 AP of bus (limit 0.03) on 20 frames.',
  '8 bits lose 0.020 AP overall (limit 0.01) on 20 frames.',
  'Calibrate on more frames, raise the limit, or pack without 8 bits.',
]

test('the conditions are found in the rules', () => expect(conditions().length).toBeGreaterThan(20))

test.each([...conditions(), ...CHIPS])('of a chip "%s" is told in Chinese, numbers kept', (text) => {
  const chinese = told(text, 'zh')
  expect(chinese.replaceAll(/BPU|TOPS|GFLOPs|X3|AP|M\b|8W4C|32C|auto_pad|car|bus/g, '')).not.toMatch(/[a-z]/i)
  for (const [number] of text.matchAll(/[\d.]*\d/g)) expect(chinese).toContain(number)
  expect(told(text, 'en')).toBe(text)
})
