/** The person's keys, as every page of this browser has them now: from the last time here at once, then from the server. */

import { createStore } from 'zustand/vanilla'
import { api } from '../../../api/client'
import type { PersonKeys } from '../../../api/types'
import { type OwnKeys, STOCK_KEYS } from '../../../editor/keys/ownKeys'
import { isOwnKeys } from './keyFile'

interface KeyState {
  readonly keys: OwnKeys
  /** False while the server says that this person never chose: a profile may be offered. */
  readonly chosen: boolean
  /** Not with the server yet; it is tried again with every page that opens. */
  readonly unsaved: boolean
  /** False in a browser where this person is new, until the server has answered or can't be reached: a key would act as somebody else's. */
  readonly known: boolean
}

/** Keys pressed in quick succession at the settings make one request. */
const SETTLES_MS = 400

const NOTHING_KNOWN: KeyState = { keys: STOCK_KEYS, chosen: true, unsaved: false, known: false }

export const keyStore = createStore<KeyState>(() => NOTHING_KNOWN)

let person: number | null = null
let timer: ReturnType<typeof setTimeout> | null = null
let stopListening = (): void => {}

const place = (id: number): string => `headway.keys.${id}`

/** Take up this person's keys. What could not be sent the last time is sent now and counts; else the server's word does. */
export async function loadKeys(id: number): Promise<void> {
  if (person !== id) listen(id)
  const last = remembered(id)
  keyStore.setState(last)
  if (last.unsaved) return save()
  const found = await api.get<PersonKeys>('/me/keys/').catch(() => null)
  if (person !== id) return
  if (found && !keyStore.getState().unsaved) remember({ ...fromWire(found), unsaved: false, known: true })
  keyStore.setState({ known: true })
}

/** From now on these are the keys, here and, as soon as it hears of them, on the server. */
export function chooseKeys(keys: OwnKeys): void {
  remember({ keys, chosen: true, unsaved: true, known: true })
  if (timer) clearTimeout(timer)
  timer = setTimeout(() => void save(), SETTLES_MS)
}

/** `keepalive`: also from a page that goes away. */
export async function save({ keepalive = false } = {}): Promise<void> {
  const { keys } = keyStore.getState()
  const saved = await api.put<PersonKeys>('/me/keys/', toWire(keys), { keepalive }).then(
    () => true,
    () => false,
  )
  if (saved && keyStore.getState().keys === keys) remember({ keys, chosen: true, unsaved: false, known: true })
}

/** Another page of this browser changed them; this one goes away before a change was sent. */
function listen(id: number): void {
  stopListening()
  person = id
  const heard = (event: StorageEvent): void => {
    if (event.key === place(id)) keyStore.setState(remembered(id))
  }
  const leave = (): void => {
    if (keyStore.getState().unsaved) void save({ keepalive: true })
  }
  const stop = new AbortController()
  window.addEventListener('storage', heard, { signal: stop.signal })
  window.addEventListener('pagehide', leave, { signal: stop.signal })
  stopListening = () => stop.abort()
}

function remember(state: KeyState): void {
  keyStore.setState(state)
  if (person !== null) localStorage.setItem(place(person), JSON.stringify(state))
}

function remembered(id: number): KeyState {
  try {
    const found = JSON.parse(localStorage.getItem(place(id)) ?? 'null') as Partial<KeyState> | null
    return found && isOwnKeys(found.keys)
      ? { ...NOTHING_KNOWN, ...found, keys: found.keys, known: true }
      : NOTHING_KNOWN
  } catch {
    return NOTHING_KNOWN
  }
}

const fromWire = ({ profile, single_keys, keys, chosen }: PersonKeys): Pick<KeyState, 'keys' | 'chosen'> => ({
  keys: { profile, singleKeys: single_keys, keys },
  chosen,
})

const toWire = ({ profile, singleKeys, keys }: OwnKeys): Omit<PersonKeys, 'chosen'> => ({
  profile,
  single_keys: singleKeys,
  keys: Object.fromEntries(Object.entries(keys).map(([id, chords]) => [id, [...chords]])),
})
