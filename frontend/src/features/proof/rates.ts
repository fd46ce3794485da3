/** Shares in words of the page. */
import type { Rate } from '../../api/types'

/** "87 %", or a dash where nothing was measured. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`
}

/** "71–96 %" of the exact 95 % interval; nothing before anything was shown. */
export function interval({ low, high }: Rate): string {
  if (low === null || high === null) return ''
  return `${Math.floor(low * 100)}–${Math.ceil(high * 100)} %`
}
