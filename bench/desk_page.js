/** What `desk.py` puts into the page before it loads: pictures that are held back, and a server that never runs out of frames. */

window.bench = { pictures: Number.POSITIVE_INFINITY, loading: 0, endless: false, made: 0, times: [], panels: [] }

const { bench } = window
const ask = window.fetch.bind(window)
const MADE = 1_000_000
const models = []
const json = (body) => new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } })

window.fetch = async (url, init = {}) => {
  const path = String(url).replace(/\?.*/, '')
  if (/frames\/\d+\/image$/.test(path)) return picture(path, init)
  if (bench.endless) {
    const made = endless(path, init)
    if (made) return made
  }
  const answer = await ask(real(path) ?? url, init)
  if (path.endsWith('/audit/claim/') && answer.ok && models.length === 0) models.push(...(await answer.clone().json()).frames)
  return answer
}

/** Refused at once while none is allowed: such a frame is cold when it is shown. */
async function picture(path, init) {
  if (bench.pictures <= 0) throw new TypeError('held back by the benchmark')
  bench.pictures -= 1
  bench.loading += 1
  try {
    const answer = await ask(real(path) ?? path, init)
    const body = await answer.blob()
    return new Response(body, { status: answer.status })
  } finally {
    bench.loading -= 1
  }
}

/** A made-up frame has the picture of the frame that it was copied from. */
function real(path) {
  const id = Number(/frames\/(\d+)/.exec(path)?.[1])
  return id >= MADE ? path.replace(/frames\/\d+/, `frames/${models[(id - MADE) % models.length].id}`) : null
}

function endless(path, { method, body }) {
  if (path.endsWith('/audit/claim/')) return json({ frames: Array.from({ length: JSON.parse(body).count }, frame), remaining: 1_000 })
  if (/\/audit\/(release|heartbeat)\/$/.test(path)) return json({ lost: [], others: [] })
  if (path.endsWith('/operations/') && method === 'POST') return json({ version: 2, frame: { state: 'audited' }, boxes: [] })
  return null
}

/** A copy of a real frame under an id and box ids of its own. */
function frame() {
  const number = bench.made++
  const model = models[number % models.length]
  const boxes = model.boxes.map((box) => ({ ...box, client_id: `${number}-${box.client_id}` }))
  return { ...model, id: MADE + number, version: 1, boxes, neighbours: { previous: null, next: null } }
}

bench.key = (key, changes = {}) =>
  document.querySelector('[data-testid=stage]').dispatchEvent(
    new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true, ...changes }),
  )

const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))

const saved = () => document.querySelector('[data-testid=save-state]')?.dataset.phase === 'saved'

/** Reject one box and accept the others, as often; the next frame when its picture and the ones after it are there, and all is saved. */
bench.audit = async (count) => {
  for (let frame = 0; frame < count; frame += 1) {
    bench.key('x')
    bench.key('Enter', { shiftKey: true })
    do await painted()
    while (bench.loading > 0 || !saved() || !document.querySelector('[data-phase=ready]'))
  }
}

/** So many frames, and after each step a collection of garbage; the title says how far it is, and stands still to be read. */
bench.sitting = async (frames, step) => {
  for (let done = step; done <= frames; done += step) {
    await bench.audit(step)
    window.gc()
    document.title = `${done} ${performance.memory.usedJSHeapSize}`
    await new Promise((read) => setTimeout(read, 3_000))
  }
}

/** Every frame's time from now on. */
bench.watch = () => {
  bench.times = []
  const tick = (time) => {
    bench.times.push(time)
    requestAnimationFrame(tick)
  }
  requestAnimationFrame(tick)
}

/** From each key to the task after the frame in which the first panel around the stage has changed. */
let keyAt = 0
window.addEventListener('keydown', (event) => (keyAt = event.timeStamp), true)
new MutationObserver(() => {
  if (keyAt === 0) return
  const since = keyAt
  keyAt = 0
  painted().then(() => bench.panels.push(performance.now() - since))
}).observe(document, { childList: true, characterData: true, subtree: true })
