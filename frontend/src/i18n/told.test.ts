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

test.each(Object.keys(STATE_WORDS) as BoxState[])('a box that is %s is told in Chinese', (state) => {
  for (const risk of [null, 0.82])
    expect(told(describeLabel(labelBox('a', { state, risk }), 'truck'), 'zh')).not.toMatch(
      /decide|missed|ed\b|wrong| at /,
    )
})
