// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { AS_RECORDED, filterOf, Tone } from './tone'

test('the picture as recorded has no filter', () => {
  expect(filterOf(AS_RECORDED, 'x')).toBe('')
  expect(filterOf({ gamma: 1, brightness: 1.2, contrast: 0.8 }, 'x')).toBe('brightness(1.2) contrast(0.8)')
})

test('gamma is a filter of the stage, and goes with it', () => {
  const [host, canvas] = [document.createElement('div'), document.createElement('canvas')]
  const tone = new Tone(host)
  tone.apply(canvas, { ...AS_RECORDED, gamma: 2 })
  const id = host.querySelector('filter')?.id
  expect(canvas.style.filter).toContain(`#${id}`)
  expect([...host.querySelectorAll('[exponent]')].map((one) => one.getAttribute('exponent'))).toEqual([
    '0.500',
    '0.500',
    '0.500',
  ])
  tone.close()
  expect(host.children.length).toBe(0)
})
