/** The page's words. English is complete; another language falls back to it word by word. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en'
import { zh } from './zh'

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

void i18next.use(initReactI18next).init({
  lng: localStorage.getItem(KEY) ?? 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en }, zh: { translation: zh } },
  // React escapes already.
  interpolation: { escapeValue: false },
})
document.documentElement.lang = i18next.language

export function chooseLanguage(code: string): void {
  localStorage.setItem(KEY, code)
  document.documentElement.lang = code
  void i18next.changeLanguage(code)
}
