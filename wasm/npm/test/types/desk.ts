// Never run: this compiles, and each line under @ts-expect-error does not.
import { claim, type ClaimState, commit, LeaseLost, release } from 'hookproof/claim'
import { diagnose } from 'hookproof/diagnose'
import { Delivery, type DeliveryState, retrySchedule } from 'hookproof/sender'

declare const row: ClaimState | null
declare const state: DeliveryState
declare const request: Request
declare const secret: string

// The answer tells what comes with it.
const claimed = claim(row, { owner: 'a', nowMillis: 0, leaseMillis: 30_000, max: 8 })
if (claimed.answer === 'acquired') {
  const next: ClaimState = commit(claimed.state, { token: claimed.token, nowMillis: 1 })
  release(next, { token: claimed.token })
}
if (claimed.answer === 'busy') claimed.retryAfterMillis.toFixed()
// @ts-expect-error only who acquired the key has a token
claimed.token
// @ts-expect-error a moment has its unit in its name
claim(row, { owner: 'a', now: 0, leaseMillis: 30_000, max: 8 })
if (claimed.state.state === 'processing') claimed.state.owner.trim()
new LeaseLost('').code satisfies 'lease_lost'

const delivery = new Delivery({ provider: 'turratech', dueMillis: Date.now() })
const next = delivery.next(0)
switch (next.do) {
  case 'send':
    delivery.record(next.attempt, 0, 500) satisfies boolean
    delivery.record(next.attempt, 0, 'timed-out', -200)
    break
  case 'wait':
    next.untilMillis.toFixed()
    break
  case 'done':
    next.conclusion satisfies 'delivered' | 'exhausted'
}
Delivery.fromJSON(state).toJSON() satisfies DeliveryState
// @ts-expect-error an outcome that is none
delivery.record(1, 0, 'lost')
// @ts-expect-error a provider that is none
new Delivery({ provider: 'paypal', dueMillis: 0 })
// @ts-expect-error the first attempt is due at some moment
new Delivery({ provider: 'turratech' })
retrySchedule({ delaysMillis: [1] }).delaysMillis?.map((delay) => delay * 2)
// @ts-expect-error a provider may publish none
retrySchedule('turnstay').delaysMillis.length

const found = diagnose({ secret, headers: request.headers, body: '' })
if (found.verdict === 'caused') found.causes.map(({ code }) => code satisfies string)
if (found.verdict === 'unexplained') found.refusal.code satisfies 'no_match' | string
// @ts-expect-error what is sound has no causes
found.causes
// @ts-expect-error a parsed body
diagnose({ secret, headers: request.headers, body: { id: 'evt_1' } })
