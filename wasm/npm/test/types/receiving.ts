// Never run: this compiles, and each line under @ts-expect-error does not.
import type { IncomingMessage } from 'node:http'

import {
  constructEvent,
  idempotencyKey,
  parseEvent,
  type Payment,
  type Profile,
  turratech,
  type TurraTechObject,
  Webhook,
  WebhookConfigError,
  WebhookVerificationError,
} from 'hookproof'

declare const request: Request
declare const incoming: IncomingMessage
declare const bytes: Uint8Array
declare const secret: string

/** Holds where both are the same type. */
const same = <A, B>(_: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false) => {}

// Bodies and headers in every form that is taken.
constructEvent('', incoming.headers['turratech-signature'], secret)
constructEvent(bytes, incoming.headers, [secret, secret], 'unlimited', { now: 5 })
constructEvent(bytes.buffer, request.headers, secret, 300)
constructEvent(new DataView(new SharedArrayBuffer(1)), [['turratech-signature', '']], secret)
// @ts-expect-error a parsed body
constructEvent({ id: 'evt_1' }, '', secret)
// @ts-expect-error a stream
constructEvent(request.body, '', secret)
// @ts-expect-error a promise
constructEvent(request.text(), '', secret)
// @ts-expect-error a secret that may be missing
constructEvent('', '', undefined as string | undefined)
// @ts-expect-error a name for no check of the age that is not its name
constructEvent('', '', secret, 'none')

// The type tells the object.
const event = turratech.webhooks.constructEvent('', '', secret)
switch (event.type) {
  case 'payment.succeeded':
    same<typeof event.data.object, Payment>(true)
    same<typeof event.data.object.amount, number>(true)
    break
  case 'customer.created':
    same<typeof event.data.object.amount, number | undefined>(true)
    break
  // @ts-expect-error no type of TurraTech's
  case 'payment.suceeded':
    break
  default: {
    const text: string = event.type
    same<typeof event.data.object.id, string>(true)
    text.startsWith('payment.')
  }
}
if (event.type === 'invoice.paid') same<typeof event.data.object, TurraTechObject>(true)
// @ts-expect-error an event is read, not written
event.livemode = true
// @ts-expect-error a field that nobody promises is no number
const unknownField: number = event.data.object['fee']

// Every provider has its own events.
const stay = parseEvent('')
if (stay.type === 'merchant_of_record.payment_intent.succeeded') same<typeof stay.data.object.billing_amount, number>(true)
const github = new Webhook({ provider: 'github', secret }).verify(bytes, incoming.headers)
same<(typeof github)['action'], unknown>(true)
// @ts-expect-error no provider that is built in
new Webhook({ provider: 'paypal', secret })

// Exact integers show in the types.
const exact = new Webhook({ secret, integers: 'bigint' }).verify('', '')
if (exact.type === 'payment.succeeded') same<typeof exact.data.object.amount, number | bigint>(true)
same<typeof exact.id, string>(true)

// A provider of one's own.
const profile: Profile = {
  name: 'shop',
  event: { id: { header: 'x-shop-id' }, type: '/kind', createdFormat: 'rfc3339' },
  signature: { construction: 'body', header: 'x-shop-signature', encoding: 'hex' },
  key: ['/order/id'],
}
new Webhook({ provider: profile, secrets: [secret] })
// @ts-expect-error a pointer begins with a slash
const relative: Profile = { name: 'shop', event: { id: 'id' } }
// @ts-expect-error the construction has three headers
const lacking: Profile = { name: 'shop', signature: { construction: 'standard', header: 'x' } }

const key: string = idempotencyKey('', {}, 'shop', { provider: profile })
key.length

try {
  constructEvent('', '', secret)
} catch (error) {
  if (error instanceof WebhookVerificationError) {
    const isLate = error.code === 'too_old'
    isLate.valueOf()
    // @ts-expect-error a code of another error
    const isConfig = error.code === 'body_not_raw'
  } else if (error instanceof WebhookConfigError) {
    const isParsed: boolean = error.code === 'body_not_raw'
    isParsed.valueOf()
  }
}
