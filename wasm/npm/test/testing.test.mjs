import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'

import * as fc from 'fast-check'

import { PACKAGES, resultOf, sampleEvents } from './fixtures.mjs'

const { Webhook, constructEvent, idempotencyKey, parseEvent } = PACKAGES.ESM
const { arbitraries, signedRequest, turnstayEvent, turratechEvent } = await import('hookproof/testing')

const SECRET = 'whsec_1'
const INTENT = 'merchant_of_record.payment_intent.succeeded'

/** The names of a value's fields at every depth. */
const shape = (value) =>
  value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shape(field)])) : typeof value

describe('events', () => {
  for (const { type, text } of sampleEvents('turratech')) {
    test(`of the type ${type} are made like TurraTech's`, () => {
      const event = turratechEvent(type)
      assert.deepEqual(shape(event), shape(JSON.parse(text)))
      assert.match(event.id, /^evt_[A-Za-z0-9]+$/)
      assert.deepEqual(turratechEvent(type, JSON.parse(text)), JSON.parse(text))
    })
  }

  test("of TurnStay's are made like its own", () => {
    const [{ text }] = sampleEvents('turnstay')
    assert.deepEqual(shape(turnstayEvent(INTENT)), shape(JSON.parse(text)))
    assert.match(turnstayEvent(INTENT).data.object.id, /^[0-9]+$/)
  })

  test('are different ones, and copies where their ids are given', () => {
    const key = (event) => idempotencyKey(JSON.stringify(event), {}, 'shop', { provider: event.id ? 'turratech' : 'turnstay' })
    assert.notEqual(key(turratechEvent('payout.paid')), key(turratechEvent('payout.paid')))
    assert.notEqual(key(turnstayEvent(INTENT)), key(turnstayEvent(INTENT)))
    assert.notEqual(turratechEvent('payout.paid').data.object.id, turratechEvent('payout.paid').data.object.id)
    assert.equal(key(turratechEvent('payout.paid', { id: 'evt_1' })), key(turratechEvent('payment.failed', { id: 'evt_1' })))
  })

  test('share nothing with each other, nor with what was given', () => {
    const metadata = { order: 'A-1' }
    const event = turratechEvent('payment.succeeded', { data: { object: { metadata } } })
    assert.deepEqual(event.data.object.metadata, metadata)
    turratechEvent('payment.succeeded').data.object.metadata.order = 'changed'
    assert.equal(turratechEvent('payment.succeeded').data.object.metadata.order, 'A-1042')
    const odd = turratechEvent('payout.paid', JSON.parse('{"__proto__":{"admin":true},"livemode":null}'))
    assert.equal(odd.admin, undefined)
    assert.ok(Object.hasOwn(odd, '__proto__'))
    assert.equal(odd.livemode, null)
  })

  test('of a type that nobody has heard of are not made', () => {
    for (const type of ['payment.suceeded', 'constructor', '__proto__']) assert.throws(() => turratechEvent(type), /there is no sample of/)
  })
})

describe('a signed request', () => {
  const event = turratechEvent('invoice.paid')

  test('holds, as a Request and in parts', async () => {
    const { request, headers, body } = signedRequest({ event, secret: SECRET })
    assert.equal(request.method, 'POST')
    assert.equal(request.headers.get('content-type'), 'application/json')
    assert.deepEqual(constructEvent(await request.clone().arrayBuffer(), request.headers, SECRET), event)
    assert.deepEqual(constructEvent(await request.text(), request.headers, SECRET), event)
    assert.deepEqual(constructEvent(body, headers['turratech-signature'], SECRET), event)
  })

  test('is of the moment, the provider and the headers that are asked for', () => {
    const old = signedRequest({ event, secret: SECRET, now: 5, headers: { 'X-Trace': 'a' }, url: 'https://shop.example/hook' })
    assert.equal(resultOf(() => constructEvent(old.body, old.headers, SECRET)), 'too_old')
    assert.equal(old.headers['x-trace'], 'a')
    assert.equal(old.request.url, 'https://shop.example/hook')
    const secret = 'c2VjcmV0'
    const standard = signedRequest({ body: '{"type":"x","timestamp":"2024-01-01T00:00:00Z","data":{}}', provider: 'standard-webhooks', secret })
    assert.equal(new Webhook({ provider: 'standard-webhooks', secret }).verify(standard.body, standard.headers).type, 'x')
  })

  test('is not signed without a secret', () => {
    const forged = signedRequest({ event })
    assert.equal(resultOf(() => constructEvent(forged.body, forged.headers, SECRET)), 'missing_header')
    const stay = signedRequest({ event: turnstayEvent(INTENT), provider: 'turnstay' })
    assert.equal(parseEvent(stay.body, stay.headers).type, INTENT)
  })
})

describe('arbitraries', () => {
  const any = arbitraries(fc)
  const headerOf = (body) => new Webhook({ secret: SECRET }).generateTestHeader({ body })

  test('are events in any spelling, which are received as they are', () => {
    const bodies = any.turratechEvent().chain((event) => fc.tuple(fc.constant(event), any.rawBody(event)))
    fc.assert(
      fc.property(bodies, ([event, body]) => {
        assert.deepEqual(constructEvent(body, headerOf(body), SECRET), JSON.parse(JSON.stringify(event)))
        assert.deepEqual(constructEvent(Buffer.from(body), headerOf(body), SECRET), JSON.parse(body))
      }),
    )
    fc.assert(
      fc.property(any.turnstayEvent().chain((event) => any.rawBody(event)), (body) => {
        assert.deepEqual(parseEvent(body), JSON.parse(body))
      }),
    )
  })

  test('are histories: a receiver that keeps keys has one effect for each event, and another has more', () => {
    const effects = (deliveries, remembers) => {
      const keys = deliveries.map((event) => (remembers ? idempotencyKey(JSON.stringify(event), {}, 'shop') : {}))
      return new Set(keys).size
    }
    const sound = fc.property(any.history(any.turratechEvent()), ({ events, deliveries }) => effects(deliveries, true) === events.length)
    fc.assert(sound)
    const forgetful = fc.property(any.history(any.turratechEvent()), ({ events, deliveries }) => effects(deliveries, false) === events.length)
    assert.ok(fc.check(forgetful).failed)
  })

  test('are headers that no receiver may believe', () => {
    const body = JSON.stringify(turratechEvent('payout.paid'))
    fc.assert(
      fc.property(any.hostileHeader(headerOf(body)), (header) => {
        assert.throws(() => constructEvent(body, header, SECRET), { name: 'WebhookVerificationError' })
      }),
      { numRuns: 2_000 },
    )
  })

  test('and everything else are the same in CommonJS', () => {
    const testing = createRequire(import.meta.url)('hookproof/testing')
    assert.deepEqual(Object.keys(testing).sort(), ['arbitraries', 'signedRequest', 'turnstayEvent', 'turratechEvent'])
    const { body, headers } = testing.signedRequest({ event: testing.turratechEvent('payout.paid'), secret: SECRET })
    assert.equal(PACKAGES.CommonJS.constructEvent(body, headers, SECRET).type, 'payout.paid')
  })
})
