import assert from 'node:assert/strict'
import { test } from 'node:test'

import { resultOf } from './fixtures.mjs'

const BODY = '{"id":"evt_1","type":"payment.succeeded","data":{"object":{}}}'

/** Every instance of the core that the package makes from here on. */
const instances = []
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(...given) {
    super(...given)
    // Another one reads the text in which the core is written.
    if ('ask' in this.exports) instances.push(this)
  }
}

const { Webhook, constructEvent, parseEvent } = await import('hookproof')

test('importing the package makes no instance, and using it makes one', () => {
  assert.equal(instances.length, 0)
  new Webhook({ secret: 'one' })
  new Webhook({ secret: 'two' })
  assert.equal(instances.length, 1)
})

test('the module needs nothing of its host, and exports what the package calls', () => {
  const [{ exports }] = instances
  for (const name of ['buffer', 'open', 'ask']) assert.equal(typeof exports[name], 'function', name)
})

test('a trap is told as ours, and the next call, of any webhook, has a new instance', () => {
  const webhook = new Webhook({ secret: 'one', nativeFrom: Infinity })
  const before = instances.length
  const header = webhook.generateTestHeader({ body: BODY })
  // More than a Vec holds; the system lends these pages and none is touched.
  const huge = new Uint8Array(2 ** 31 + 8)
  for (let round = 0; round < 2; round++) {
    assert.throws(() => webhook.verify(huge, header), (error) => {
      assert.equal(error.name, 'WebhookConfigError')
      assert.equal(error.code, 'internal')
      assert.ok(error.cause instanceof WebAssembly.RuntimeError, `${error.cause}`)
      return true
    })
    assert.equal(webhook.verify(BODY, header).id, 'evt_1')
    assert.equal(new Webhook({ secret: 'one' }).verify(BODY, header).id, 'evt_1')
    assert.equal(constructEvent(BODY, header, 'one').id, 'evt_1')
    assert.equal(parseEvent('{"type":"x","data":{"object":{}}}').type, 'x')
  }
  assert.equal(instances.length, before + 2)
})

test('a refusal is no trap', () => {
  const before = instances.length
  const webhook = new Webhook({ secret: 'one' })
  for (const body of ['', '{', '[', '\u0000', '['.repeat(100_000)]) {
    assert.notEqual(resultOf(() => webhook.verify(body, webhook.sign(body))), 'ok')
    assert.notEqual(resultOf(() => webhook.verify(body, { 'turratech-signature': '\u0000' })), 'ok')
  }
  assert.equal(instances.length, before)
})

test('a hundred thousand webhooks are made in the same memory, and each of them goes on working', () => {
  const memory = () => instances.at(-1).exports.memory.buffer.byteLength
  const first = new Webhook({ secret: 'first' })
  const header = first.generateTestHeader({ body: BODY })
  for (let i = 0; i < 1_000; i++) new Webhook({ secret: `secret ${i}` })
  const before = memory()
  for (let i = 0; i < 100_000; i++) new Webhook({ secret: `secret ${i}` })
  assert.equal(memory(), before)
  assert.equal(first.verify(BODY, header).id, 'evt_1')
})

test('more webhooks than are kept open take turns, and each keeps to its own secret', () => {
  const webhooks = Array.from({ length: 200 }, (_, i) => new Webhook({ secret: `secret ${i}`, nativeFrom: i % 2 ? 0 : Infinity }))
  const headers = webhooks.map((webhook) => webhook.generateTestHeader({ body: BODY }))
  for (let round = 0; round < 3; round++) {
    webhooks.forEach((webhook, i) => {
      assert.equal(webhook.verify(BODY, headers[i]).id, 'evt_1')
      assert.equal(resultOf(() => webhook.verify(BODY, headers[(i + 1) % 200])), 'no_match')
    })
  }
})

test('verifying leaves no memory behind, in wasm or beside it', () => {
  const webhook = new Webhook({ secret: 'one' })
  const bodies = [BODY, BODY.padEnd(3_000), Buffer.from(BODY.padEnd(3_000))]
  const headers = bodies.map((body) => webhook.generateTestHeader({ body }))
  const verify = (times) => {
    for (let i = 0; i < times; i++) {
      const turn = i % 3
      webhook.verify(bodies[turn], headers[turn])
      constructEvent(bodies[turn], headers[turn], 'one')
      resultOf(() => webhook.verify(bodies[turn], 't=1,v1=x'))
    }
  }
  const wasm = () => instances.at(-1).exports.memory.buffer.byteLength
  verify(2_000)
  const before = wasm()
  verify(20_000)
  assert.equal(wasm(), before)
})

test('no secret stays in the buffer through which the module is spoken to', () => {
  // So long that what is written for a request does not cover it.
  const secret = 'x'.repeat(5_000) + 'MUST_NOT_STAY'
  for (const nativeFrom of [0, Infinity]) {
    const webhook = new Webhook({ secret, nativeFrom })
    webhook.verify(BODY, webhook.sign(BODY))
    const { memory, buffer } = instances.at(-1).exports
    assert.equal(Buffer.from(memory.buffer, buffer(0), secret.length + 100).includes('MUST_NOT_STAY'), false)
  }
})

test('nor does what HMAC makes of it for the host, whether the signature holds or not', () => {
  const webhook = new Webhook({ secret: 'MUST_NOT_STAY', nativeFrom: 0 })
  const inner = Buffer.from('MUST_NOT_STAY').map((byte) => byte ^ 0x36)
  const header = webhook.generateTestHeader({ body: BODY })
  for (const [body, result] of [[BODY, 'ok'], [`${BODY} `, 'no_match']]) {
    assert.equal(resultOf(() => webhook.verify(body, header)), result)
    const { memory, buffer } = instances.at(-1).exports
    assert.equal(Buffer.from(memory.buffer, buffer(0), 1_000).includes(inner), false)
  }
})
