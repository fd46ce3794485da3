/** The control room as it travels. */
import type { components } from '../../api/schema'

type Schemas = components['schemas']

export type Act = Required<Omit<Schemas['AdminAct'], 'before' | 'after'>> & {
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}
export type Limits = Required<Schemas['Limits']>
export type Storage = Schemas['Storage']
export type AllTokens = Schemas['AllTokens']
export type Removal = Required<Schemas['Removal']>
export type RemovalWrite = Schemas['RemovalWriteRequest']
export type Webhook = Required<Schemas['Webhook']>
export type NewWebhook = Required<Schemas['NewWebhook']>
export type WebhookEvent = Webhook['events'][number]
export type Delivery = Required<Schemas['Delivery']>
