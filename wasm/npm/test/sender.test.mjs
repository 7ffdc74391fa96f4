import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'

import { fixture, resultOf } from './fixtures.mjs'

const PACKAGES = { ESM: await import('hookproof/sender'), CommonJS: createRequire(import.meta.url)('hookproof/sender') }
const { cases } = fixture('deliveries/traces.json')
const { Delivery, retrySchedule } = PACKAGES.ESM

/** Traces with moments that only integers of 64 bits hold are not JavaScript's. */
const traces = cases.filter(({ beyond_doubles }) => !beyond_doubles)

for (const [kind, { Delivery }] of Object.entries(PACKAGES)) {
  for (const [how, restored] of [
    ['', (delivery) => delivery],
    [', kept as JSON after every step', (delivery) => Delivery.fromJSON(JSON.parse(JSON.stringify(delivery)))],
  ]) {
    test(`a delivery goes as every trace says${how} (${kind})`, () => {
      assert.ok(traces.length >= 40, `only ${traces.length} traces`)
      for (const { id, delivery: terms, steps, log } of traces) {
        let delivery = new Delivery(termsOf(terms))
        let jitter
        for (const [number, step] of steps.entries()) {
          delivery = restored(delivery)
          if (step.do === 'jitter') jitter = step.per_mille
          else play(delivery, step, jitter, `${id}, step ${number + 1}`)
        }
        const due = log.map(({ number, ended_millis, outcome, by_hand }) => ({ number, endedMillis: ended_millis, outcome, byHand: by_hand }))
        assert.deepEqual(delivery.log, due, id)
      }
    })
  }
}

test('asking changes nothing, and neither does a report that is ignored', () => {
  const delivery = new Delivery({ provider: 'turratech', dueMillis: 0 })
  const before = JSON.stringify(delivery)
  delivery.next(0)
  assert.equal(delivery.record(2, 0, 200), false)
  assert.equal(JSON.stringify(delivery), before)
})

test('every schedule is the published one', () => {
  for (const { provider, retries, time_limit_secs, schedule } of fixture('retries/schedules.json').cases) {
    const found = retrySchedule(provider)
    assert.equal(found.retries, retries, provider)
    assert.equal(found.timeLimitMillis, time_limit_secs === null ? undefined : time_limit_secs * 1000, provider)
    if (!schedule) continue
    const due = { delaysMillis: schedule.delays_secs.map((secs) => secs * 1000), attempts: schedule.attempts }
    due.totalMillis = schedule.total_secs * 1000
    due.longestMillis = schedule.longest_secs * 1000
    for (const [name, value] of Object.entries(due)) assert.deepEqual(found[name], value, `${provider} ${name}`)
  }
  assert.deepEqual(retrySchedule({ delaysMillis: [1000, 2000] }), {
    retries: 'schedule',
    acknowledgement: 'any-2xx',
    delaysMillis: [1000, 2000],
    attempts: 3,
    totalMillis: 3000,
  })
})

test("a caller's own figures stand where a provider publishes none, or in place of its own", () => {
  assert.equal(resultOf(() => new Delivery({ provider: 'turnstay', dueMillis: 0 })), 'no_schedule')
  assert.equal(resultOf(() => new Delivery({ provider: 'turnstay', delaysMillis: [], dueMillis: 0 })), 'no_time_limit')
  const stay = new Delivery({ provider: 'turnstay', delaysMillis: [1000], timeLimitMillis: 500, dueMillis: 7 })
  assert.deepEqual(stay.next(7), { do: 'send', attempt: 1, deadlineMillis: 507 })
  stay.record(1, 7, 204)
  assert.deepEqual(stay.next(7), { do: 'wait', untilMillis: 1007 }, 'TurnStay takes 200 and nothing else')
  const github = new Delivery({ provider: 'github', acknowledgement: 204, dueMillis: 0 })
  github.record(1, 0, 200)
  assert.deepEqual(github.next(0), { do: 'done', conclusion: 'exhausted' })
})

describe('what cannot be right is refused', () => {
  const terms = { delaysMillis: [1000], timeLimitMillis: 500, dueMillis: 0 }
  const state = new Delivery(terms).toJSON()
  for (const [name, call, code] of [
    ['a provider that is none', () => retrySchedule('nobody'), 'bad_profile'],
    ['a negative delay', () => new Delivery({ ...terms, delaysMillis: [-1] }), 'bad_argument'],
    ['half a millisecond', () => new Delivery(terms).next(0.5), 'bad_argument'],
    ['no moment', () => new Delivery(terms).next(NaN), 'bad_argument'],
    ['no moment at all', () => new Delivery(terms).next(), 'bad_argument'],
    ['a BigInt', () => new Delivery(terms).next(1n), 'bad_argument'],
    ['an outcome that is none', () => new Delivery(terms).record(1, 0, 'lost'), 'bad_argument'],
    ['a jitter beyond a fifth', () => new Delivery(terms).record(1, 0, 500, 201), 'bad_argument'],
    ["a newer version's state", () => Delivery.fromJSON({ ...state, schema: 2 }), 'bad_state'],
    ['a state with a field too many', () => Delivery.fromJSON({ ...state, conclusion: 'delivered' }), 'bad_state'],
    ['no state', () => Delivery.fromJSON(null), 'bad_state'],
    ['a text', () => Delivery.fromJSON(JSON.stringify(state)), 'bad_state'],
  ]) {
    test(name, () => assert.equal(resultOf(call), code))
  }
})

function play(delivery, { do: what, at_millis, attempt, outcome, gives }, jitter, place) {
  switch (what) {
    case 'next':
      return assert.deepEqual(delivery.next(at_millis), nextOf(gives), place)
    case 'record':
      return assert.equal(delivery.record(attempt, at_millis, outcome, jitter), gives === 'applied', place)
    case 'resend':
      return delivery.resend()
    default:
      assert.fail(`${place}: ${what}`)
  }
}

function nextOf({ send, wait, done }) {
  if (send) return { do: 'send', attempt: send.attempt, deadlineMillis: send.deadline_millis }
  return wait ? { do: 'wait', untilMillis: wait.until_millis } : { do: 'done', conclusion: done }
}

function termsOf({ provider, delays_millis, time_limit_millis, acknowledgement, due_millis }) {
  if (provider) return { provider, dueMillis: due_millis }
  return { delaysMillis: delays_millis, timeLimitMillis: time_limit_millis, acknowledgement, dueMillis: due_millis }
}
