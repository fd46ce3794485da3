/** Work that must not hold up the stage: run in one task after the next painted frame, each piece once. */

const waiting = new Set<() => void>()

export function afterPaint(work: () => void): void {
  if (waiting.size === 0) soon()
  waiting.add(work)
}

/** A page that nobody sees paints nothing. The second task comes after the one that measures the paint. */
function soon(): void {
  if (document.hidden) setTimeout(run)
  else requestAnimationFrame(() => setTimeout(() => setTimeout(run)))
}

function run(): void {
  const works = [...waiting]
  waiting.clear()
  for (const work of works) work()
}
