// The event bodies and the idempotency keys, read by the component.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { events } from '../../dist/js/hookproof.js'
import { builtIn, bytes, outcomeOf, read } from './fixtures.mjs'

test('every body is read or refused as its case says', () => {
  const { cases } = read('requests/bodies.json')
  for (const { id, provider, headers, body_base64, result, event } of cases) {
    const body = bytes(body_base64)
    const { ok, failed } = outcomeOf(() => events.parse(builtIn(provider), headers, body))
    assert.equal(failed === undefined ? 'ok' : failed.val.code, result, id)
    if (failed) assert.equal(failed.tag, 'event', id)
    if (!event) continue
    assert.deepEqual([ok.id ?? null, ok.kind, ok.created?.toString()], [event.id, event.type, event.created_secs?.toString()], id)
    const object = body.subarray(ok.object.start, ok.object.end)
    assert.equal(Buffer.from(object).toString('base64'), event.object_base64, id)
  }
  assert.ok(cases.length >= 80, `only ${cases.length} bodies`)
})

test('every delivery has the key that its case says', () => {
  const { cases } = read('idempotency/keys.json')
  for (const { id, provider, endpoint, headers, body_base64, key } of cases) {
    assert.equal(events.idempotencyKey(builtIn(provider), endpoint, headers, bytes(body_base64)), key, id)
  }
  assert.ok(cases.length >= 20, `only ${cases.length} keys`)
})

test('integers that a double would change have their places told', () => {
  const text = '{"id":"evt_1","type":"t","data":{"object":{"small":9007199254740991,"amount":9007199254740993}}}'
  const { wideIntegers } = events.parse(builtIn('turratech'), [], new TextEncoder().encode(text))
  assert.deepEqual(wideIntegers.map(({ start, end }) => text.slice(start, end)), ['9007199254740993'])
})
