/** The local journal: every operation is written here before it is sent, and stays until the server has it. */

import type { Me } from '../../../api/types'
import type { Step } from '../../../editor/scene/operations'

/** What anything in the journal has. */
export interface Kept {
  /** The operation's id. */
  readonly id: string
  readonly order: number
  /** Whose work it is: user and workspace. Another person who logs in here does not send it. */
  readonly owner: string
  /** The page that made it; a page that lives sends its own. */
  readonly tab: string
}

/**
 * waiting -> sent -> (gone: the server has it) | refused; waiting, sent -> dropped (the person took the other version).
 * `sent` = tried, outcome unknown until an answer comes: such a batch is sent again unchanged.
 */
export type EntryStatus = 'waiting' | 'sent' | 'refused' | 'dropped'

export interface JournalEntry extends Kept {
  readonly frame: number
  /** The frame's version that the operation was made on, brought forward as earlier ones are confirmed. */
  readonly version: number
  readonly step: Step
  readonly status: EntryStatus
  /** Why it was refused, in the server's words. */
  readonly reason: string
}

export interface Journal<Entry extends Kept = JournalEntry> {
  /** The owner's entries, in order. */
  read(owner: string): Promise<Entry[]>
  /** Write or replace entries, all or none. */
  write(entries: readonly Entry[]): Promise<void>
  remove(ids: readonly string[]): Promise<void>
}

export const openJournal = <Entry extends Kept = JournalEntry>(): Journal<Entry> =>
  typeof indexedDB === 'undefined' ? new MemoryJournal<Entry>() : new BrowserJournal<Entry>()

/** Work belongs to a person in a workspace. */
export const ownerOf = ({ id, workspace }: Me): string => `${id}@${workspace.slug}`

/** The same person's decisions on whole tracks: other entries in the same store, which no desk reads as its own. */
export const trackOwnerOf = (me: Me): string => `${ownerOf(me)}/tracks`

const DATABASE = 'headway-desk'
const STORE = 'journal'

export class BrowserJournal<Entry extends Kept = JournalEntry> implements Journal<Entry> {
  private readonly database: Promise<IDBDatabase>

  constructor(factory: IDBFactory = indexedDB) {
    this.database = opened(factory)
  }

  async read(owner: string): Promise<Entry[]> {
    const store = (await this.database).transaction(STORE).objectStore(STORE)
    const entries: Entry[] = await done(store.index('owner').getAll(owner))
    return entries.sort((a, b) => a.order - b.order)
  }

  async write(entries: readonly Entry[]): Promise<void> {
    await this.change((store) => {
      for (const entry of entries) store.put(entry)
    })
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.change((store) => {
      for (const id of ids) store.delete(id)
    })
  }

  private async change(work: (store: IDBObjectStore) => void): Promise<void> {
    const transaction = (await this.database).transaction(STORE, 'readwrite')
    work(transaction.objectStore(STORE))
    await committed(transaction)
  }
}

function opened(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(DATABASE, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE, { keyPath: 'id' }).createIndex('owner', 'owner')
  }
  return done(request)
}

const done = <Result>(request: IDBRequest<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

const committed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onerror = () => reject(transaction.error)
    transaction.onabort = () => reject(transaction.error)
  })

/** For browsers that refuse storage: the work is sent all the same, but does not outlive the page. */
export class MemoryJournal<Entry extends Kept = JournalEntry> implements Journal<Entry> {
  private entries = new Map<string, Entry>()

  async read(owner: string): Promise<Entry[]> {
    return [...this.entries.values()].filter((entry) => entry.owner === owner).sort((a, b) => a.order - b.order)
  }

  async write(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) this.entries.set(entry.id, entry)
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.entries.delete(id)
  }
}
