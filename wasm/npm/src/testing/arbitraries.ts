import turratechSamples from 'samples:turratech'

/** @ts-ignore: whoever has no fast-check does not call this. */
import type * as FastCheck from 'fast-check'

import type { TurnStayEvent, TurraTechEvent, TurraTechObjects } from '../event.js'
import { turnstayEvent, turratechEvent } from './events.js'

/** Several events, each delivered once or more, in some order. */
export interface History<Event> {
  readonly events: readonly Event[]
  /** What is delivered, first to last; a copy is the same event as its first. */
  readonly deliveries: readonly Event[]
}

/** What {@link arbitraries} gives. */
export interface Arbitraries {
  /** An event of one of TurraTech's types, with fields that nobody has heard of, and any amount and text. */
  turratechEvent(): FastCheck.Arbitrary<TurraTechEvent>
  turnstayEvent(): FastCheck.Arbitrary<TurnStayEvent>
  /** A spelling of an event as JSON: any white space, and escapes where none are needed. All parse alike. */
  rawBody(event: unknown): FastCheck.Arbitrary<string>
  /** Up to so many different events in up to so many deliveries: a sound receiver has `events.length` effects. */
  history<Event>(event: FastCheck.Arbitrary<Event>, most?: { events?: number; deliveries?: number }): FastCheck.Arbitrary<History<Event>>
  /** Values of TurraTech's signature header that no receiver may believe: near misses of a right one, and noise. */
  hostileHeader(right: string): FastCheck.Arbitrary<string>
}

/**
 * Arbitraries for the property tests of a receiver. fast-check is the caller's own, version 3.23 or later.
 *
 * @example
 * import * as fc from 'fast-check'
 * const { history, turratechEvent } = arbitraries(fc)
 * fc.assert(fc.asyncProperty(history(turratechEvent()), async ({ events, deliveries }) => {
 *   const shop = new Shop()
 *   for (const event of deliveries) await shop.receive(signedRequest({ event, secret }).request)
 *   assert.equal(shop.booked, events.length)
 * }))
 */
export function arbitraries(fc: typeof FastCheck): Arbitraries {
  const text = fc.string({ unit: 'binary', maxLength: 20 })
  const amount = fc.oneof(fc.nat({ max: 1_000_000 }), fc.maxSafeNat(), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER))
  const unheardOf = fc.dictionary(fc.stringMatching(/^x_[a-z]{1,8}$/), fc.oneof(text, amount, fc.boolean(), fc.constant(null)), { maxKeys: 3 })

  return {
    turratechEvent: () =>
      fc
        .tuple(fc.constantFrom(...(Object.keys(turratechSamples) as (keyof TurraTechObjects)[])), amount, text, unheardOf)
        .map(([type, amount, note, others]) =>
          turratechEvent(type, { data: { object: { ...others, amount, metadata: { note } } } } as never) as TurraTechEvent,
        ),

    turnstayEvent: () =>
      fc
        .tuple(amount, amount, text)
        .map(([billing_amount, processing_amount, merchant_reference]) =>
          turnstayEvent('merchant_of_record.payment_intent.succeeded', {
            data: { object: { billing_amount, processing_amount, merchant_reference } },
          }),
        ),

    rawBody: (event) =>
      fc
        .record({ indent: fc.nat({ max: 4 }), escapes: fc.boolean(), slashes: fc.boolean(), end: fc.constantFrom('', '\n', ' \r\n\t') })
        .map(({ indent, escapes, slashes, end }) => {
          let body = JSON.stringify(event, null, indent)
          if (slashes) body = body.replaceAll('/', '\\/')
          if (escapes) body = body.replace(/[\u007f-\uffff]/g, (unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'))
          return body + end
        }),

    history: (event, { events = 4, deliveries = 12 } = {}) =>
      fc
        .tuple(fc.array(event, { minLength: 1, maxLength: events }), fc.array(fc.nat(), { maxLength: deliveries - 1 }))
        .chain(([events, copies]) =>
          fc
            .shuffledSubarray([...events, ...copies.map((copy) => events[copy % events.length]!)], { minLength: events.length + copies.length })
            .map((deliveries) => ({ events, deliveries })),
        ),

    hostileHeader: (right) =>
      fc.oneof(
        fc.string({ maxLength: 200 }),
        fc.nat({ max: right.length - 1 }).map((length) => right.slice(0, length)),
        fc.nat({ max: right.length - 1 }).map((at) => right.slice(0, at) + (right[at] === '0' ? '1' : '0') + right.slice(at + 1)),
        fc.constantFrom(right.toUpperCase(), ` ${right}`, right.replace('v1=', 'v0='), right.replace(',', ';'), right.replace('t=', 't=0')),
      ).filter((header) => header !== right),
  }
}
