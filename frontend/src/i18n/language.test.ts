// @vitest-environment jsdom
import i18next from 'i18next'
import { expect, test } from 'vitest'

test('a page that is loaded in Chinese has its words before it is drawn', async () => {
  localStorage.setItem('headway.language', 'zh')
  const { wordsAreThere } = await import('.')
  await wordsAreThere
  expect(i18next.t('track.title')).toBe('轨迹')
  expect(document.documentElement.lang).toBe('zh')
})
