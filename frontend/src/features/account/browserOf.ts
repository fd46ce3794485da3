/** "Chrome on Windows" of a User-Agent, for the list of sessions; empty where neither is known.
 *
 * Order matters: Edge and Opera say Chrome too, Chrome says Safari too, Android says Linux too.
 */
const BROWSERS = [
  ['Edge', /Edg(e|A|iOS)?\//],
  ['Opera', /OPR\//],
  ['Firefox', /(Firefox|FxiOS)\//],
  ['Chrome', /(Chrome|CriOS|Chromium)\//],
  ['Safari', /Safari\//],
  ['curl', /^curl\//],
] as const

const SYSTEMS = [
  ['iOS', /iPhone|iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux|X11/],
] as const

export function browserOf(userAgent: string): string {
  return [BROWSERS, SYSTEMS]
    .map((known) => known.find(([, mark]) => mark.test(userAgent))?.[0])
    .filter(Boolean)
    .join(' · ')
}
