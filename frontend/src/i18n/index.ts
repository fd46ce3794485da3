/** The page's words. English is complete; another language falls back to it word by word. */
import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en'

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
  read: async (language) => (language === 'zh' ? (await import('./zh')).zh : {}),
}

/** The page is drawn once its words are there. */
export const wordsAreThere = i18next
  .use(others)
  .use(initReactI18next)
  .init({
    lng: localStorage.getItem(KEY) ?? 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
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
