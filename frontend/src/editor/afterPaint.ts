/** Work that must not hold up the stage: run in one task after the next painted frame, each piece once. */

const waiting = new Set<() => void>()
/** What is waited for at most: a person looks at the picture first, but not without end. */
const LONGEST_MS = 100
let held: Promise<unknown> | null = null

export function afterPaint(work: () => void): void {
  if (waiting.size === 0) soon()
  waiting.add(work)
}

/** The stage waits for its picture: the work comes behind that, too. */
export function behind(picture: Promise<unknown>): void {
  const ended = new Promise((resolve) => setTimeout(resolve, LONGEST_MS))
  held ??= Promise.race([picture.catch(() => null), ended]).finally(() => {
    held = null
  })
}

/** A page that nobody sees paints nothing. The second task comes after the one that measures the paint. */
function soon(): void {
  if (document.hidden) setTimeout(run)
  else afterNextFrame(() => void (held ? held.then(() => afterNextFrame(run)) : setTimeout(run)))
}

/** A later picture that is waited for holds nothing up a second time: who goes on quickly still sees the panels follow. */
const afterNextFrame = (work: () => void): void => void requestAnimationFrame(() => setTimeout(work))

function run(): void {
  const works = [...waiting]
  waiting.clear()
  for (const work of works) work()
}
