/**
 * The life of one idempotency key, so that an event has its effect once. Functions of a key's state: read the state, ask,
 * and write what comes back in the same transaction, or by compare-and-set. No clock is read: moments come in as Unix
 * milliseconds.
 *
 * @module
 */
import { ask, jsonOf } from './desk.js'

/**
 * A key as it is kept, in a database for example: plain JSON, the same as the Rust crate's and the component's, so that
 * its names are theirs.
 */
export type ClaimState = {
  readonly schema: 1
  /** The latest token. */
  readonly issued: number
  readonly attempts: number
} & (
  | { readonly state: 'absent' }
  | { readonly state: 'processing'; readonly owner: string; readonly lease_until_millis: number }
  | { readonly state: 'done'; readonly until_millis: number }
)

/** A key's state; nothing for one that nobody has claimed. */
export type MaybeClaimed = ClaimState | null | undefined

/** The one answer to a claim, and the state to keep. */
export type Claimed = { readonly state: ClaimState } & (
  /** The event is yours to process; hand the token back with {@link commit} or {@link release}. */
  | { readonly answer: 'acquired'; readonly token: number; /** Counted from 1. */ readonly attempt: number }
  /** Somebody else is processing it. Answer 409 with Retry-After, never 2xx: if they die, the event would be lost. */
  | { readonly answer: 'busy'; readonly retryAfterMillis: number }
  /** It was processed: acknowledge it. */
  | { readonly answer: 'done' }
  /** It failed as often as is allowed: answer 500, and the provider's schedule ends by itself. */
  | { readonly answer: 'poisoned' }
)

/**
 * Claims the key for `owner` until `nowMillis + leaseMillis`. A live owner that asks again, because the first answer was
 * lost, gets its own token again; a lease with nothing left has ended.
 *
 * @param asked `max` is how many attempts are allowed: TurraTech makes 8.
 * @throws {WebhookConfigError} `bad_state` for what no key can be, and for the form of a newer version: answer 503.
 */
export function claim(
  state: MaybeClaimed,
  asked: { readonly owner: string; readonly nowMillis: number; readonly leaseMillis: number; readonly max: number },
): Claimed {
  const { owner, nowMillis, leaseMillis, max } = asked
  const request = { owner, now_millis: nowMillis, lease_millis: leaseMillis, max }
  const { answer, claim } = ask('claim_claim', request, kept(state)) as Told<Answer>
  switch (answer.state) {
    case 'acquired':
      return { answer: 'acquired', token: answer.token, attempt: answer.attempt, state: claim }
    case 'busy':
      return { answer: 'busy', retryAfterMillis: answer.retry_after_millis, state: claim }
    default:
      return { answer: answer.state, state: claim }
  }
}

/**
 * The effect is done: the state to keep. Duplicates are known for `keepMillis`, 7 days without it, and for 48 h at least.
 * Telling it twice is the same as telling it once.
 *
 * @throws {LeaseLost} when somebody else claimed the key since.
 */
export function commit(
  state: MaybeClaimed,
  { token, nowMillis, keepMillis }: { readonly token: number; readonly nowMillis: number; readonly keepMillis?: number },
): ClaimState {
  return held(ask('claim_commit', { token, now_millis: nowMillis, keep_millis: keepMillis }, kept(state)))
}

/**
 * The effect failed, and the next delivery may try: the state to keep. The attempt stays counted.
 *
 * @throws {LeaseLost} when somebody else claimed the key since; their claim is untouched.
 */
export function release(state: MaybeClaimed, { token }: { readonly token: number }): ClaimState {
  return held(ask('claim_release', { token }, kept(state)))
}

/** The lease ended and the key was claimed again: what was done under it may be done twice, and must be told. */
export class LeaseLost extends Error {
  readonly code = 'lease_lost'
  override get name() {
    return 'LeaseLost'
  }
}

function held(told: unknown): ClaimState {
  const { answer, claim } = told as Told<{ readonly lease_lost?: string }>
  if (answer.lease_lost) throw new LeaseLost(answer.lease_lost)
  return claim
}

/** A key that nobody has claimed is kept as nothing. */
const kept = (state: MaybeClaimed) => (state == null ? '' : jsonOf('bad_state', state))

interface Told<Answer> {
  readonly answer: Answer
  readonly claim: ClaimState
}

/** What `claim_claim` answers. */
type Answer =
  | { readonly state: 'acquired'; readonly token: number; readonly attempt: number }
  | { readonly state: 'busy'; readonly retry_after_millis: number }
  | { readonly state: 'done' | 'poisoned' }
