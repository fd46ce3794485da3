/** The local journal: every operation is written here before it is sent, and stays until the server has it. */

import type { Me } from '../../../api/types'
import type { Step } from '../../../editor/scene/operations'

/**
 * waiting -> sent -> (gone: the server has it) | refused; waiting, sent -> dropped (the person took the other version).
 * `sent` = tried, outcome unknown until an answer comes: such a batch is sent again unchanged.
 */
export type EntryStatus = 'waiting' | 'sent' | 'refused' | 'dropped'

export interface JournalEntry {
  /** The operation's id. */
  readonly id: string
  readonly order: number
  /** Whose work it is: user and workspace. Another person who logs in here does not send it. */
  readonly owner: string
  /** The page that made it; a page that lives sends its own. */
  readonly tab: string
  readonly frame: number
  /** The frame's version that the operation was made on, brought forward as earlier ones are confirmed. */
  readonly version: number
  readonly step: Step
  readonly status: EntryStatus
  /** Why it was refused, in the server's words. */
  readonly reason: string
}

export interface Journal {
  /** The owner's entries, in order. */
  read(owner: string): Promise<JournalEntry[]>
  /** Write or replace entries, all or none. */
  write(entries: readonly JournalEntry[]): Promise<void>
  remove(ids: readonly string[]): Promise<void>
}

export const openJournal = (): Journal =>
  typeof indexedDB === 'undefined' ? new MemoryJournal() : new BrowserJournal()

/** Work belongs to a person in a workspace. */
export const ownerOf = ({ id, workspace }: Me): string => `${id}@${workspace.slug}`

const DATABASE = 'headway-desk'
const STORE = 'journal'

export class BrowserJournal implements Journal {
  private readonly database: Promise<IDBDatabase>

  constructor(factory: IDBFactory = indexedDB) {
    this.database = opened(factory)
  }

  async read(owner: string): Promise<JournalEntry[]> {
    const store = (await this.database).transaction(STORE).objectStore(STORE)
    const entries: JournalEntry[] = await done(store.index('owner').getAll(owner))
    return entries.sort((a, b) => a.order - b.order)
  }

  async write(entries: readonly JournalEntry[]): Promise<void> {
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
export class MemoryJournal implements Journal {
  private entries = new Map<string, JournalEntry>()

  async read(owner: string): Promise<JournalEntry[]> {
    return [...this.entries.values()].filter((entry) => entry.owner === owner).sort((a, b) => a.order - b.order)
  }

  async write(entries: readonly JournalEntry[]): Promise<void> {
    for (const entry of entries) this.entries.set(entry.id, entry)
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.entries.delete(id)
  }
}
