// @vitest-environment jsdom
import i18next from 'i18next'
import { describe, expect, test } from 'vitest'
import '../i18n'
import {
  formatAbout,
  formatAgo,
  formatBytes,
  formatClipTime,
  formatDifference,
  formatDuration,
  formatFigure,
  formatParameters,
  formatRate,
} from './format'
import { RateMeter } from './rate'

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [5 * 2 ** 20, '5.0 MiB'],
  [150 * 2 ** 20, '150 MiB'],
  [3.5 * 2 ** 30, '3.5 GiB'],
])('%d bytes read as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

test.each([
  [0, '0 s'],
  [0.4, '< 1 s'],
  [59, '59 s'],
  [60, '1 min'],
  [125, '2 min 5 s'],
  [3600, '1 h'],
  [11_400, '3 h 10 min'],
  [187_200, '2 d 4 h'],
  [-3, '0 s'],
])('%d seconds read as %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text))

test.each([
  [0.414, '0.41 frames/s'],
  [2.44, '2.4 frames/s'],
  [31.6, '32 frames/s'],
])('a rate of %d reads as %s', (rate, text) => expect(formatRate(rate, 'frames')).toBe(text))

test('a time in a clip keeps its milliseconds', () => {
  expect(formatClipTime(65_250)).toBe('1:05.250')
  expect(formatClipTime(33.4)).toBe('0:00.033')
})

test('a moment is told by its distance, and after a day by its date', () => {
  const now = Date.parse('2026-11-20T12:00:00Z')
  expect(formatAgo('2026-11-20T11:59:40Z', now)).toBe('just now')
  expect(formatAgo('2026-11-20T11:55:00Z', now)).toBe('5 min ago')
  expect(formatAgo('2026-11-20T09:00:00Z', now)).toBe('3 h ago')
  expect(formatAgo('2026-11-18T09:00:00Z', now)).toContain('18 Nov 2026')
})

test('a moment is told in Chinese to who reads Chinese', async () => {
  const now = Date.parse('2026-11-20T12:00:00Z')
  await i18next.changeLanguage('zh')
  expect(formatAgo('2026-11-20T11:55:00Z', now)).toBe('5 分钟前')
  expect(formatAgo('2026-11-18T09:00:00Z', now)).toContain('2026年11月18日')
  await i18next.changeLanguage('en')
})

describe('the rate', () => {
  test('is unknown before two samples lie apart', () => {
    const meter = new RateMeter()
    expect(meter.rate()).toBeNull()
    meter.add(0, 1000)
    meter.add(10, 1100)
    expect(meter.rate()).toBeNull()
  })

  test('looks at the last six seconds only', () => {
    const meter = new RateMeter()
    meter.add(0, 0)
    meter.add(100, 1000)
    meter.add(200, 8000)
    meter.add(400, 9000)
    expect(meter.rate()).toBe(200)
  })
})

test.each([
  [17_234_567, '17.2 M'],
  [912_345, '912.3 k'],
])('%d parameters read as %s', (count, text) => expect(formatParameters(count)).toBe(text))

test.each([
  [0.25707, '0.257'],
  [0, '0.000'],
  [null, '–'],
  [undefined, '–'],
])('the figure %j reads as %s', (value, text) => expect(formatFigure(value)).toBe(text))

test.each([
  [0.0214, '+0.021'],
  [-0.194, '−0.194'],
  [-0.0001, '±0.000'],
  [null, '–'],
])('the difference %j reads as %s', (value, text) => expect(formatDifference(value)).toBe(text))

test('a count is marked as about where the server does not count them all', () => {
  expect([formatAbout(1000, 1000), formatAbout(1001, 1000), formatAbout(2e6)]).toEqual([
    '1,000',
    '≈ 1,001',
    '2,000,000',
  ])
})
