import type { Profile, ProviderName } from './provider.js'
import type { Integers } from './receiver.js'

/** The event that a provider sends. */
export type EventOf<Provider extends ProviderName | Profile, I extends Integers = 'refuse'> = Exact<
  Provider extends 'turratech' ? TurraTechEvent : Provider extends 'turnstay' ? TurnStayEvent : OtherEvent,
  I
>

/**
 * An event of TurraTech's. `switch (event.type)` tells its object; a type that is not listed ends up in `default`, and
 * is best logged and acknowledged.
 */
export type TurraTechEvent =
  | { [Type in keyof TurraTechObjects]: TurraTechEnvelope<Type, TurraTechObjects[Type]> }[keyof TurraTechObjects]
  | TurraTechEnvelope<UnknownType, TurraTechObject>

/**
 * The types of TurraTech's events, and the object of each. A type that TurraTech adds can be added here:
 *
 * @example
 * declare module 'hookproof' {
 *   interface TurraTechObjects { 'order.paid': Order }
 * }
 */
export interface TurraTechObjects {
  'payment.succeeded': Payment
  'payment.failed': Payment
  'payment.refunded': Payment
  'customer.created': TurraTechObject
  'subscription.created': TurraTechObject
  'subscription.updated': TurraTechObject
  'subscription.deleted': TurraTechObject
  'subscription.trial_will_end': TurraTechObject
  'invoice.paid': TurraTechObject
  'invoice.payment_failed': TurraTechObject
  'dispute.created': TurraTechObject
  'payout.paid': TurraTechObject
}

/** What every event of TurraTech's is (TT-1). */
export interface TurraTechEnvelope<Type, Data> {
  readonly id: string
  readonly object: 'event'
  readonly type: Type
  /** When it was created, in Unix seconds. Not when it was sent. */
  readonly created: number
  readonly livemode: boolean
  readonly data: { readonly object: Data }
}

/** What an event is about. TurraTech publishes the fields of a payment only: others may lack any but the id. */
export interface TurraTechObject {
  readonly id: string
  readonly object?: string
  /** In minor units. */
  readonly amount?: number
  /** ISO 4217, in lower case. */
  readonly currency?: string
  readonly status?: string
  readonly [field: string]: unknown
}

/** A payment, as in TurraTech's sample. */
export interface Payment extends TurraTechObject {
  readonly amount: number
  readonly currency: string
  readonly status: string
}

/** An event of TurnStay's (TS-1): no id, no time, no signature. */
export type TurnStayEvent =
  | { [Type in keyof TurnStayObjects]: TurnStayEnvelope<Type, TurnStayObjects[Type]> }[keyof TurnStayObjects]
  | TurnStayEnvelope<UnknownType, TurnStayObject>

/** The types of TurnStay's events, and the object of each; see {@link TurraTechObjects}. */
export interface TurnStayObjects {
  'merchant_of_record.payment_intent.succeeded': PaymentIntent
}

/** What every event of TurnStay's is. */
export interface TurnStayEnvelope<Type, Data> {
  readonly type: Type
  readonly data: { readonly object: Data }
}

/** What an event of TurnStay's is about. */
export interface TurnStayObject {
  /** Digits. */
  readonly id: string
  readonly object: string
  readonly [field: string]: unknown
}

/** A payment intent, as in TurnStay's sample. */
export interface PaymentIntent extends TurnStayObject {
  readonly object: 'payment_intent'
  /** In upper case, such as `PROCESSED`. */
  readonly status: string
  /** In minor units. */
  readonly billing_amount: number
  /** ISO 4217, in upper case. */
  readonly billing_currency: string
  /** In minor units. */
  readonly processing_amount: number
  readonly processing_currency: string
  /** The merchant's own name for the booking. */
  readonly merchant_reference: string
  readonly company_id: number
  readonly account_id: number
}

/** An event of another provider: a JSON object. */
export interface OtherEvent {
  readonly [field: string]: unknown
}

/** A type that is not listed: any text. Only an enum is told apart from every listed one, so that those narrow. */
export type UnknownType = Unlisted
declare enum Unlisted {
  type = 'any other text',
}

/** The same event, each of its numbers perhaps a `BigInt` where integers are kept exact. */
export type Exact<Event, I extends Integers> = I extends 'bigint' ? Widened<Event> : Event

type Widened<Value> = Value extends number
  ? Value | bigint
  : Value extends string | boolean | null | undefined
    ? Value
    : Value extends object
      ? { [Field in keyof Value]: Widened<Value[Field]> }
      : Value
