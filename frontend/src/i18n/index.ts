/** The page's words. English is complete; another language falls back to it word by word. */
import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { en } from './en'
import { first } from './en/first'

const KEY = 'headway.language'

export const LANGUAGES = [
  { code: 'en', name: 'English' },
  { code: 'zh', name: '中文' },
] as const

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

/** Chinese comes when it is asked for: nobody else waits for it. */
const others: BackendModule = {
  type: 'backend',
  init() {},
  // By callback: i18next takes a promise from a function of two parameters alone, and waits for ever for any other's.
  read: (language, _, done) => {
    const words = language === 'zh' ? import('./zh').then(({ zh }) => zh) : Promise.resolve({})
    void words.then(
      (found) => done(null, found),
      (error) => done(error, false),
    )
  },
}

/** The page is drawn once its words are there. */
export const wordsAreThere = i18next
  .use(others)
  .use(initReactI18next)
  .init({
    lng: localStorage.getItem(KEY) ?? 'en',
    fallbackLng: 'en',
    resources: { en: { translation: first } },
    partialBundledLanguages: true,
    // React escapes already.
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  })
  .then(() => {
    document.documentElement.lang = i18next.language
  })

export function chooseLanguage(code: string): void {
  localStorage.setItem(KEY, code)
  void i18next.changeLanguage(code).then(() => {
    document.documentElement.lang = code
  })
}

let asked: Promise<void> | undefined

/** What the rooms behind Home say in English, on which every language leans; asked for again after a failure. */
export function roomWords(): Promise<void> {
  asked ??= import('./en/rooms').then(
    ({ rooms }) => void i18next.addResourceBundle('en', 'translation', rooms),
    (error) => {
      asked = undefined
      throw error
    },
  )
  return asked
}
