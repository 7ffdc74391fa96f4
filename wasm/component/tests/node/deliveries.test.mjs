// The delivery traces and the published schedules, replayed by the component.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { deliveries } from '../../dist/js/hookproof.js'
import { builtIn, outcomeOf, read, readExactly } from './fixtures.mjs'

const { Delivery, schedule } = deliveries

test('a delivery goes as every trace says', () => {
  const { cases } = readExactly('deliveries/traces.json')
  for (const trace of cases) {
    const delivery = new Delivery(termsOf(trace.delivery), BigInt(trace.delivery.due_millis))
    trace.steps.forEach((step, number) => play(delivery, step, `${trace.id}, step ${number + 1}`))
    const log = trace.log.map(({ number, ended_millis, outcome, by_hand }) => {
      return { number, ended: BigInt(ended_millis), outcome: outcomeAs(outcome), byHand: by_hand }
    })
    assert.deepEqual(delivery.log(), log, trace.id)
  }
  assert.ok(cases.length >= 40, `only ${cases.length} traces`)
})

test('a delivery that is saved and loaded after every step goes as every trace says', () => {
  // JSON holds integers up to 2^53 - 1, so what lies beyond is not saved.
  const cases = readExactly('deliveries/traces.json').cases.filter(({ beyond_doubles }) => !beyond_doubles)
  for (const trace of cases) {
    let delivery = new Delivery(termsOf(trace.delivery), BigInt(trace.delivery.due_millis))
    for (const [number, step] of trace.steps.entries()) {
      delivery = Delivery.load(delivery.save())
      play(delivery, step, `${trace.id}, step ${number + 1}`)
    }
  }
  assert.ok(cases.length >= 40, `only ${cases.length} traces`)
})

test('what no delivery can be is not loaded', () => {
  const saved = new Delivery({ delays: BigUint64Array.of(), timeLimit: 1n, acknowledgement: { tag: 'any-success' } }, 0n).save()
  for (const text of ['', '{}', saved.replace('"schema":1', '"schema":2'), saved.replace('"log":[]', '"log":[1]')]) {
    assert.equal(outcomeOf(() => Delivery.load(text)).failed?.code, 'bad_state', text)
  }
})

test('a jitter beyond a fifth is refused', () => {
  const delivery = new Delivery({ delays: BigUint64Array.of(), timeLimit: 1n, acknowledgement: { tag: 'any-success' } }, 0n)
  assert.equal(outcomeOf(() => delivery.setJitter(201)).failed.code, 'bad_argument')
})

test('every schedule is the published one', () => {
  const { cases } = read('retries/schedules.json')
  for (const { provider, retries, time_limit_secs, schedule: known } of cases) {
    const found = schedule(builtIn(provider))
    assert.equal(found.retries.tag, retries === 'schedule' ? 'after' : retries, provider)
    if (known) assert.deepEqual(Array.from(found.retries.val), known.delays_secs.map((secs) => BigInt(secs) * 1000n), provider)
    assert.equal(found.timeLimit, time_limit_secs === null ? undefined : BigInt(time_limit_secs) * 1000n, provider)
  }
  assert.ok(cases.length >= 5, `only ${cases.length} schedules`)
})

function play(delivery, step, place) {
  const { do: what, at_millis, attempt, outcome, per_mille, gives } = step
  switch (what) {
    case 'next':
      return assert.deepEqual(delivery.next(BigInt(at_millis)), nextAs(gives), place)
    case 'record':
      return assert.equal(delivery.record(attempt, BigInt(at_millis), outcomeAs(outcome)), gives === 'applied', place)
    case 'resend':
      return delivery.resend()
    case 'jitter':
      return delivery.setJitter(per_mille)
    default:
      assert.fail(`${place}: ${what}`)
  }
}

function termsOf({ provider, delays_millis, time_limit_millis, acknowledgement }) {
  if (provider === undefined) {
    const rule = acknowledgement === 'any-2xx' ? { tag: 'any-success' } : { tag: 'exactly', val: acknowledgement }
    return { delays: BigUint64Array.from(delays_millis, BigInt), timeLimit: BigInt(time_limit_millis), acknowledgement: rule }
  }
  const { retries, timeLimit, acknowledgement: rule } = schedule(builtIn(provider))
  return { delays: retries.val ?? BigUint64Array.of(), timeLimit, acknowledgement: rule }
}

function nextAs({ send, wait, done }) {
  if (send) return { tag: 'send', val: { attempt: send.attempt, deadline: BigInt(send.deadline_millis) } }
  return wait ? { tag: 'wait', val: BigInt(wait.until_millis) } : { tag: done }
}

const outcomeAs = (outcome) => (typeof outcome === 'number' ? { tag: 'answered', val: outcome } : { tag: outcome })
