import { refusal, same } from './expect.mjs'
import { SECRETS } from './provider.mjs'

/** How the package may be called, and what it says of a call that cannot be right. */
export function calls() {
  return Object.entries({ ...WAYS, ...BODIES, ...ERRORS, ...VALUES }).map(([name, check]) => ({
    id: name.replaceAll('_', '-'),
    check: ({ hookproof }) => check(hookproof),
  }))
}

const WAYS = {
  the_function({ constructEvent, Webhook }) {
    same(constructEvent(BODY, signed(Webhook), SECRET, 300, { now: NOW }), EVENT, 'event')
  },

  as_the_providers_page_prints_it({ turratech, Webhook }) {
    const header = new Webhook({ secret: SECRET }).generateTestHeader({ body: BODY })
    same(turratech.webhooks.constructEvent(BODY, header, SECRET), EVENT, 'event')
  },

  several_secrets({ constructEvent, Webhook }) {
    same(constructEvent(BODY, signed(Webhook), ['whsec_b3RoZXI', SECRET], undefined, { now: NOW }), EVENT, 'event')
  },

  headers_of_a_Request({ Webhook }) {
    const webhook = new Webhook({ secret: SECRET })
    const headers = webhook.sign(BODY, { now: NOW })
    const request = new Request('https://shop.example/hooks', { method: 'POST', body: BODY, headers })
    same(webhook.verify(BODY, request.headers, { now: NOW }), EVENT, 'event')
  },

  no_tolerance_but_unlimited_refuses_an_old_request({ constructEvent, Webhook, WebhookVerificationError }) {
    const judge = (tolerance) => constructEvent(BODY, signed(Webhook), SECRET, tolerance, { now: NOW + 301 })
    refusal(() => judge(), { WebhookVerificationError }, 'too_old')
    same(judge('unlimited'), EVENT, 'event')
  },

  an_unsigned_provider({ parseEvent, Webhook, WebhookConfigError }) {
    same(parseEvent(UNSIGNED).data.object.status, 'PROCESSED', 'status')
    const webhook = new Webhook({ provider: 'turnstay', secret: SECRET })
    refusal(() => webhook.verify(UNSIGNED, {}, { now: NOW }), { WebhookConfigError }, 'unsigned_provider')
    refusal(() => parseEvent(BODY, {}, { provider: 'turratech' }), { WebhookConfigError }, 'signed_provider')
  },

  more_receivers_than_are_kept_open({ Webhook }) {
    const many = Array.from({ length: 200 }, (_, i) => new Webhook({ secret: `whsec_${btoa(`secret ${i}`)}` }))
    for (const webhook of [...many, ...many]) {
      same(webhook.verify(BODY, webhook.sign(BODY, { now: NOW }), { now: NOW }), EVENT, 'event')
    }
  },
}

const BODIES = {
  every_kind_of_raw_body({ Webhook }) {
    const bytes = new TextEncoder().encode(BODY)
    const wide = new Uint8Array(bytes.length + 7)
    wide.set(bytes, 3)
    const kinds = [BODY, bytes, bytes.buffer, wide.subarray(3, -4), new DataView(wide.buffer, 3, bytes.length)]
    // A page has it only where it is isolated from others.
    if (typeof SharedArrayBuffer === 'function') kinds.push(shared(bytes), shared(bytes).buffer)
    for (const kind of kinds) {
      for (const nativeFrom of [0, Infinity]) {
        same(accepted(Webhook, kind, { nativeFrom }), EVENT, Object.prototype.toString.call(kind))
      }
    }
  },

  what_is_not_raw({ Webhook, WebhookConfigError }) {
    const others = [EVENT, [], 1, 1n, true, null, undefined, Symbol('body'), () => BODY, new Map(), Promise.resolve(BODY)]
    if (typeof ReadableStream === 'function') others.push(new ReadableStream())
    for (const other of others) {
      const error = refusal(() => accepted(Webhook, other), { WebhookConfigError }, 'body_not_raw')
      if (!error.message.includes('request.text()')) throw new Error(`it names no cure: ${error.message}`)
    }
  },

  half_a_character({ Webhook, WebhookConfigError }) {
    for (const half of ['{"a":"\ud83d"}', '\udc00', `${BODY}\ud800`, `{"a":"${'é'.repeat(2000)}\udfff"}`]) {
      refusal(() => accepted(Webhook, half), { WebhookConfigError }, 'lone_surrogate')
    }
  },

  bodies_that_make_the_memory_grow({ Webhook }) {
    const webhook = new Webhook({ secret: SECRET })
    for (const size of [1e3, 1e5, 3e6, 10, 2e6]) {
      const body = JSON.stringify({ ...EVENT, padding: 'ø🧾'.repeat(size / 3) })
      const headers = webhook.sign(body, { now: NOW })
      same(webhook.verify(body, headers, { now: NOW }).padding.length, JSON.parse(body).padding.length, 'length')
      same(webhook.verify(new TextEncoder().encode(body), headers, { now: NOW }).id, EVENT.id, 'id')
    }
  },
}

const ERRORS = {
  a_forged_signature({ constructEvent, WebhookVerificationError }) {
    const header = `t=${NOW},v1=${'0'.repeat(64)}`
    const error = refusal(
      () => constructEvent(BODY, header, SECRET, undefined, { now: NOW }),
      { WebhookVerificationError },
      'no_match',
    )
    const shown = `${error.message} ${error.stack} ${JSON.stringify({ ...error })}`
    if (shown.includes(SECRET)) throw new Error('the error shows the secret')
  },

  a_missing_header({ Webhook, WebhookVerificationError }) {
    const webhook = new Webhook({ secret: SECRET })
    for (const headers of [{}, [], new Headers(), undefined, null, { host: 'shop.example' }]) {
      refusal(() => webhook.verify(BODY, headers, { now: NOW }), { WebhookVerificationError }, 'missing_header')
    }
  },

  one_header_where_three_are_signed({ Webhook, WebhookConfigError }) {
    const webhook = new Webhook({ provider: 'standard-webhooks', secret: SECRETS['standard-webhooks'] })
    refusal(() => webhook.verify(BODY, 'v1,abc', { now: NOW }), { WebhookConfigError }, 'bad_headers')
  },

  headers_that_are_none({ Webhook, WebhookConfigError }) {
    refusal(() => new Webhook({ secret: SECRET }).verify(BODY, 7, { now: NOW }), { WebhookConfigError }, 'bad_headers')
  },

  no_secret({ constructEvent, Webhook, WebhookConfigError }) {
    refusal(() => new Webhook({}), { WebhookConfigError }, 'no_secret')
    refusal(() => constructEvent(BODY, 'x', undefined), { WebhookConfigError }, 'blank_secret')
  },

  milliseconds_and_other_moments({ Webhook, WebhookConfigError }) {
    const webhook = new Webhook({ secret: SECRET })
    for (const now of [Date.now(), NaN, -1, Infinity, '1704067200', null]) {
      const error = refusal(() => webhook.verify(BODY, 'x', { now }), { WebhookConfigError }, 'bad_now')
      same(error.message.includes('milliseconds were'), typeof now === 'number' && now > 1e11, `the message for ${now}`)
    }
  },

  tolerances_that_cannot_be_meant({ Webhook, WebhookConfigError }) {
    refusal(() => new Webhook({ secret: SECRET, tolerance: 0 }), { WebhookConfigError }, 'tolerance_zero')
    for (const tolerance of [-1, 0.5, NaN, Infinity, '300']) {
      refusal(() => new Webhook({ secret: SECRET, tolerance }), { WebhookConfigError }, 'bad_tolerance')
    }
  },
}

const VALUES = {
  integers_that_a_number_would_change({ Webhook, EventFormatError }) {
    const body = BODY.replace('2000', '9007199254740993')
    refusal(() => accepted(Webhook, body), { EventFormatError }, 'unsafe_integer')
    same(accepted(Webhook, body, { integers: 'bigint' }).data.object.amount, 9007199254740993n, 'amount')
    same(accepted(Webhook, BODY.replace('2000', '-9007199254740991')).data.object.amount, -9007199254740991, 'amount')
  },

  a_key_named_proto({ Webhook }) {
    const event = accepted(Webhook, BODY.replace('"amount"', '"__proto__":{"polluted":true},"amount"'))
    const { object } = event.data
    if (!Object.hasOwn(object, '__proto__')) throw new Error('it is no own key')
    same(Object.getPrototypeOf(object) === Object.getPrototypeOf({}), true, 'the prototype is the ordinary one')
    same({}.polluted, undefined, 'pollution')
  },

  a_body_that_is_no_event({ Webhook, EventFormatError }) {
    const refused = { '': 'not_json', '[]': 'not_an_object', '{}': 'missing_field', '\ufeff{}': 'not_json' }
    for (const [body, code] of Object.entries(refused)) refusal(() => accepted(Webhook, body), { EventFormatError }, code)
  },

  a_provider_of_ones_own({ Webhook, idempotencyKey }) {
    const provider = {
      name: 'shop',
      event: { id: { header: 'x-shop-delivery' }, type: '/kind' },
      signature: { construction: 'body', header: 'x-shop-signature', prefix: 'sha256=', encoding: 'hex' },
    }
    const webhook = new Webhook({ provider, secret: SECRET })
    const headers = { 'X-Shop-Delivery': 'd_1', ...webhook.sign('{"kind":"order.paid"}') }
    same(webhook.verify('{"kind":"order.paid"}', headers), { kind: 'order.paid' }, 'event')
    same(idempotencyKey('{"kind":"order.paid"}', headers, 'till', { provider }), 'shop:till:d_1', 'key')
  },
}

/** The event of a body that is rightly signed: as text or bytes if it is either. */
function accepted(Webhook, body, options) {
  const webhook = new Webhook({ secret: SECRET, ...options })
  const isRaw = typeof body === 'string' || ArrayBuffer.isView(body) || 'byteLength' in Object(body)
  return webhook.verify(body, isRaw ? webhook.sign(body, { now: NOW }) : 't=1,v1=2', { now: NOW })
}

/** The same bytes in memory that another thread could write to. */
function shared(bytes) {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

const signed = (Webhook) => new Webhook({ secret: SECRET }).sign(BODY, { now: NOW })['turratech-signature']

const SECRET = SECRETS.turratech
const NOW = 1704067200
const EVENT = {
  id: 'evt_1',
  object: 'event',
  type: 'payment.succeeded',
  created: NOW,
  data: { object: { id: 'pay_1', amount: 2000, note: 'thé 🧾' } },
}
const BODY = JSON.stringify(EVENT)
const UNSIGNED = '{"type":"merchant_of_record.payment_intent.succeeded","data":{"object":{"id":"7","status":"PROCESSED"}}}'
