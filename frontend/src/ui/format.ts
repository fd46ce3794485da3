/** Numbers, sizes and times as a person reads them. Units are spelled the same everywhere. */
import i18next from 'i18next'

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en')
}

/** "≈ 12,345" above what the server counts exactly. */
export function formatAbout(value: number, exactUpTo = Number.POSITIVE_INFINITY): string {
  return value > exactUpTo ? `≈ ${formatCount(value)}` : formatCount(value)
}

/** 1536 -> "1.5 KiB". */
export function formatBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(BINARY.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${BINARY[power]}`
}

/** 17 234 567 parameters -> "17.2 M". */
export function formatParameters(count: number): string {
  return count >= 1e6 ? `${(count / 1e6).toFixed(1)} M` : `${(count / 1e3).toFixed(1)} k`
}

/** A figure in [0, 1] with three digits; a dash where there was no truth to measure on. */
export function formatFigure(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  return (Math.abs(value) < 0.0005 ? 0 : value).toFixed(3) // no -0.000
}

/** With its sign, the minus as long as the plus. */
export function formatDifference(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  const text = Math.abs(value).toFixed(3)
  if (Number(text) === 0) return '±0.000'
  return `${value < 0 ? '−' : '+'}${text}`
}

/** Units a second, with as many digits as matter: "12 frames/s", "0.4 frames/s". */
export function formatRate(perSecond: number, unit: string): string {
  const digits = perSecond >= 10 ? 0 : perSecond >= 1 ? 1 : 2
  return `${perSecond.toFixed(digits)} ${unit}/s`
}

/** Seconds as "< 1 s", "45 s", "2 min 5 s", "3 h 10 min", "2 d 4 h". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (seconds > 0 && whole === 0) return '< 1 s'
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return pair(Math.floor(whole / 60), 'min', whole % 60, 's')
  if (whole < 86_400) return pair(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min')
  return pair(Math.floor(whole / 86_400), 'd', Math.floor((whole % 86_400) / 3600), 'h')
}

/** A time within a clip: 65 250 ms -> "1:05.250". */
export function formatClipTime(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000)
  const seconds = ((milliseconds % 60_000) / 1000).toFixed(3).padStart(6, '0')
  return `${minutes}:${seconds}`
}

/** "just now", "5 min ago", "3 h ago", then the date. `now` is for tests. */
export function formatAgo(iso: string, now = Date.now()): string {
  const seconds = (now - Date.parse(iso)) / 1000
  if (seconds < 45) return i18next.t('common.justNow')
  if (seconds < 3600) return i18next.t('common.minutesAgo', { minutes: Math.max(1, Math.round(seconds / 60)) })
  if (seconds < 86_400) return i18next.t('common.hoursAgo', { hours: Math.round(seconds / 3600) })
  return formatDate(iso)
}

export function formatDate(iso: string): string {
  return new Date(iso).toLocaleString(i18next.language === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
