import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { PACKAGES, bodyOf, fixture, resultOf, sampleEvents } from './fixtures.mjs'

const { EventFormatError, Webhook, idempotencyKey, parseEvent } = PACKAGES.ESM

/** A base64 text, because the Standard Webhooks construction wants one. */
const SECRET = 'aG9va3Byb29mLXRlc3RzLTAxMjM0NTY3ODk='

const now = 1_704_067_200

/** Receives a body as if the provider had sent it, by each way in which it can be had. */
function received({ provider, headers: lines }, body, options = {}) {
  if (provider === 'turnstay') return [parseEvent(body, lines, { provider, ...options })]
  return [0, Infinity].map((nativeFrom) => {
    const webhook = new Webhook({ provider, secret: SECRET, nativeFrom, ...options })
    const given = Object.fromEntries(lines)
    const signed = webhook.sign(body, { now, id: given['webhook-id'] ?? 'msg_1' })
    return webhook.verify(body, { ...given, ...signed }, { now })
  })
}

describe('bodies that are rightly signed', () => {
  for (const request of fixture('requests/bodies.json').cases) {
    const { id, comment, result } = request
    const body = bodyOf(request)
    test(`${id}: ${comment}`, () => {
      assert.equal(resultOf(() => received(request, body, { integers: 'bigint' })), result)
      if (result !== 'ok') return
      const text = body.toString()
      const hasWideInteger = id === 'integer-beyond-doubles'
      assert.equal(resultOf(() => received(request, body)), hasWideInteger ? 'unsafe_integer' : 'ok')
      if (hasWideInteger) return
      for (const event of [...received(request, body), ...received(request, text)]) {
        assert.deepEqual(event, JSON.parse(text))
      }
    })
  }
})

describe('sample events', () => {
  for (const provider of ['turratech', 'turnstay', 'stripe', 'standard-webhooks', 'github']) {
    for (const { type, text } of sampleEvents(provider)) {
      test(`${provider}'s ${type}`, () => {
        const headers = provider === 'github' ? [['x-github-event', type], ['x-github-delivery', 'd-1']] : []
        for (const event of received({ provider, headers }, text)) assert.deepEqual(event, JSON.parse(text))
      })
    }
  }
})

describe('idempotency keys', () => {
  for (const [kind, { idempotencyKey }] of Object.entries(PACKAGES)) {
    for (const delivery of fixture('idempotency/keys.json').cases) {
      const { id, comment, provider, endpoint, headers, key } = delivery
      test(`${id}: ${comment} (${kind})`, () => {
        assert.equal(idempotencyKey(bodyOf(delivery), headers, endpoint, { provider }), key)
      })
    }
  }

  test('are the same from a webhook that was made once', () => {
    for (const delivery of fixture('idempotency/keys.json').cases) {
      const webhook = new Webhook({ provider: delivery.provider, secret: SECRET })
      assert.equal(webhook.idempotencyKey(bodyOf(delivery), delivery.headers, delivery.endpoint), delivery.key)
    }
  })
})

describe('integers that JavaScript does not hold', () => {
  const body = '{"id":"evt_1","type":"payment.succeeded","n":9007199254740993,"data":{"object":{"amount":-12345678901234567890,"é":"\\u0039","safe":9007199254740991,"real":1e30}}}'
  const request = { provider: 'turratech', headers: [] }

  test('are refused, with their place and the cure', () => {
    const refused = { name: 'EventFormatError', code: 'unsafe_integer', message: /at byte 45 .* integers: 'bigint'/ }
    assert.throws(() => received(request, body), refused)
    assert.throws(() => received(request, body), EventFormatError)
    assert.equal(body.slice(45, 61), '9007199254740993')
  })

  test('are kept exact where that is asked for, and nothing else changes', () => {
    for (const [event] of [received(request, body, { integers: 'bigint' }), received(request, Buffer.from(body), { integers: 'bigint' })]) {
      assert.deepEqual(event, {
        id: 'evt_1',
        type: 'payment.succeeded',
        n: 9007199254740993n,
        data: { object: { amount: -12345678901234567890n, é: '9', safe: Number.MAX_SAFE_INTEGER, real: 1e30 } },
      })
    }
  })

  test('are not mistaken for texts, whichever the texts are', () => {
    const texts = ['\u{10000}', '\u{10ffff}123', '123', '"1', '\\udc00', '\ufeff']
    const event = { id: 'evt_1', type: 'x', texts, data: { object: {} } }
    const body = JSON.stringify(event).replace('"data"', '"n":10000000000000000000000,"data"')
    assert.deepEqual(received(request, body, { integers: 'bigint' })[0], { ...event, n: 10000000000000000000000n })
  })
})

test('a __proto__ in a body is a field of its own, with every way of parsing', () => {
  const body = '{"id":"evt_1","type":"x","__proto__":{"admin":true},"data":{"object":{"__proto__":1}}}'
  const wide = body.replace('"type"', '"n":9007199254740993,"type"')
  const request = { provider: 'turratech', headers: [] }
  for (const event of [...received(request, body), ...received(request, wide, { integers: 'bigint' })]) {
    assert.equal(event.admin, undefined)
    assert.equal(Object.getPrototypeOf(event), Object.prototype)
    assert.deepEqual(Object.getOwnPropertyDescriptor(event, '__proto__').value, { admin: true })
    assert.ok(Object.hasOwn(event.data.object, '__proto__'))
  }
})

test('an unsigned provider is not verified, and a signed one not taken without', () => {
  const [{ text }] = sampleEvents('turnstay')
  assert.equal(resultOf(() => new Webhook({ provider: 'turnstay' }).verify(text, {})), 'unsigned_provider')
  assert.equal(resultOf(() => parseEvent(text, {}, { provider: 'turratech' })), 'signed_provider')
  assert.deepEqual(parseEvent(text), JSON.parse(text))
  assert.match(idempotencyKey(text, {}, 'shop', { provider: 'turnstay' }), /^turnstay:shop:/)
})
