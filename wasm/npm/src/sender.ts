/**
 * The sender's side: when a failed delivery is tried again, and one delivery, attempt by attempt. No clock is read and
 * nothing is sent here: moments come in as Unix milliseconds, decisions come out.
 *
 * @module
 */
import { ask, jsonOf, providerOf } from './desk.js'
import type { Profile, ProviderName } from './provider.js'

/** Which statuses acknowledge a delivery: any 2xx, or this one and no other. */
export type Acknowledgement = 'any-2xx' | number

/** What is known of the retries of a provider, or by delays of one's own. Spans are in milliseconds. */
export interface RetrySchedule {
  /** `unspecified`: there are retries, but their delays are not published. */
  readonly retries: 'schedule' | 'unspecified' | 'never'
  readonly acknowledgement: Acknowledgement
  /** The limit for one attempt, its answer's body included. Absent where it is not published. */
  readonly timeLimitMillis?: number
  /** The delay before each retry, each counted from the end of the attempt that failed. Absent where it is not published. */
  readonly delaysMillis?: readonly number[]
  /** The first attempt and every retry. */
  readonly attempts?: number
  /** All delays together: for TurraTech 37 h 35 min. */
  readonly totalMillis?: number
  /** From the start of the first attempt to the end of the last, when each runs into its limit: for TurraTech 37 h 39 min. */
  readonly longestMillis?: number
}

/** How deliveries are sent: as a provider publishes it, or as the caller says. */
export interface Terms {
  readonly provider?: ProviderName | Profile
  /** In place of the provider's, or where it publishes none, as TurnStay. */
  readonly delaysMillis?: readonly number[]
  /** In place of the provider's, or where it publishes none. */
  readonly timeLimitMillis?: number
  /** In place of the provider's. @default 'any-2xx' without a provider */
  readonly acknowledgement?: Acknowledgement
}

/**
 * The retries of a provider.
 *
 * @throws {WebhookConfigError} for a provider or figures that cannot be right.
 */
export function retrySchedule(terms: ProviderName | Terms): RetrySchedule {
  const found = ask('schedule', asked(typeof terms === 'string' ? { provider: terms } : terms)) as Published
  const { retries, acknowledgement, time_limit_millis, schedule } = found
  return {
    retries,
    acknowledgement,
    ...(time_limit_millis !== undefined && { timeLimitMillis: time_limit_millis }),
    ...(schedule && {
      delaysMillis: schedule.delays_millis,
      attempts: schedule.attempts,
      totalMillis: schedule.total_millis,
      ...(schedule.longest_millis !== undefined && { longestMillis: schedule.longest_millis }),
    }),
  }
}

/** What the sender should do next. */
export type Next =
  /** Send this attempt, counted from 1, signed anew; record what came of it by the deadline. */
  | { readonly do: 'send'; readonly attempt: number; readonly deadlineMillis: number }
  | { readonly do: 'wait'; readonly untilMillis: number }
  /** Over, unless somebody resends it. */
  | { readonly do: 'done'; readonly conclusion: 'delivered' | 'exhausted' }

/** How an attempt ended: with an answer of this status, its body included; or without one. */
export type Outcome = number | 'timed-out' | 'unreachable'

/** One attempt that was made. */
export interface Attempt {
  /** Counted from 1, those by hand included. */
  readonly number: number
  readonly endedMillis: number
  readonly outcome: Outcome
  readonly byHand: boolean
}

/**
 * A delivery as it is kept, in a database for example: plain JSON, the same as the Rust crate's and the component's, so
 * that its names are theirs.
 */
export interface DeliveryState {
  readonly schema: 1
  readonly delays_millis: readonly number[]
  readonly time_limit_millis: number
  readonly acknowledgement: Acknowledgement
  readonly jitter_per_mille: number
  readonly due_millis: number
  readonly resending: boolean
  readonly log: readonly {
    readonly number: number
    readonly ended_millis: number
    readonly outcome: Outcome
    readonly by_hand: boolean
  }[]
}

/**
 * An event on its way to one endpoint.
 *
 * Ask {@link Delivery.next} what to do, do it, and tell {@link Delivery.record} what came of it. No order of calls is
 * wrong: asking changes nothing, and a report that comes late or twice is ignored. A sender that crashed between sending
 * and recording sends again, so an event arrives at least once.
 *
 * @example
 * const delivery = new Delivery({ provider: 'turratech', dueMillis: Date.now() })
 * const next = delivery.next(Date.now())
 * if (next.do === 'send') delivery.record(next.attempt, Date.now(), await post(next.deadlineMillis))
 * await store(JSON.stringify(delivery))
 */
export class Delivery {
  #state: string

  /**
   * A delivery whose first attempt is due at `dueMillis`; or one that was kept, see {@link Delivery.fromJSON}.
   *
   * @throws {WebhookConfigError} `no_schedule` or `no_time_limit` where the provider publishes none and none is given.
   */
  constructor(start: (Terms & { readonly dueMillis: number }) | DeliveryState) {
    if ('schema' in start) {
      this.#state = jsonOf('bad_state', start)
      this.next(0)
    } else {
      this.#state = JSON.stringify(ask('delivery_new', { due_millis: start.dueMillis, terms: asked(start) }))
    }
  }

  /**
   * The delivery of which {@link Delivery.toJSON} gave the state.
   *
   * @throws {WebhookConfigError} `bad_state` for what no delivery can be, and for the form of a newer version.
   */
  static fromJSON(state: DeliveryState): Delivery {
    return new Delivery({ ...state, schema: state?.schema })
  }

  /** What to do at `nowMillis`. Asking changes nothing. */
  next(nowMillis: number): Next {
    const next = ask('delivery_next', { now_millis: nowMillis }, this.#state) as ToDo
    switch (next.do) {
      case 'send':
        return { do: 'send', attempt: next.attempt, deadlineMillis: next.deadline_millis }
      case 'wait':
        return { do: 'wait', untilMillis: next.until_millis }
      case 'done':
        return next
    }
  }

  /**
   * Takes what came of an attempt that ended at `nowMillis`: its answer was read, or its time limit passed. The delay of
   * the next one counts from there.
   *
   * @param jitterPerMille Delays from now on are longer or shorter by this many thousandths, from -200 to 200, so that
   * many deliveries which failed together do not come back together. The caller draws the number.
   * @returns False, and nothing changed, where it is not the attempt that is awaited: two senders may be at work.
   */
  record(attempt: number, nowMillis: number, outcome: Outcome, jitterPerMille?: number): boolean {
    const report = { attempt, now_millis: nowMillis, outcome, jitter_per_mille: jitterPerMille }
    const { applied, delivery } = ask('delivery_record', report, this.#state) as Recorded
    if (applied) this.#state = JSON.stringify(delivery)
    return applied
  }

  /** Adds one attempt by hand, due at once and in any state. Asking again before it was made adds no other. */
  resend(): void {
    this.#state = JSON.stringify(ask('delivery_resend', {}, this.#state))
  }

  /** Every attempt that was recorded, first to last. */
  get log(): readonly Attempt[] {
    return this.toJSON().log.map(({ number, ended_millis, outcome, by_hand }) => {
      return { number, endedMillis: ended_millis, outcome, byHand: by_hand }
    })
  }

  /** The delivery as plain JSON, for a database. */
  toJSON(): DeliveryState {
    return JSON.parse(this.#state)
  }
}

/** Terms as the core reads them. */
function asked({ provider, delaysMillis, timeLimitMillis, acknowledgement }: Terms) {
  return {
    ...(provider !== undefined && { provider: providerOf(provider) }),
    delays_millis: delaysMillis,
    time_limit_millis: timeLimitMillis,
    acknowledgement,
  }
}

/** What `schedule` answers. */
interface Published {
  readonly retries: RetrySchedule['retries']
  readonly acknowledgement: Acknowledgement
  readonly time_limit_millis?: number
  readonly schedule?: {
    readonly delays_millis: readonly number[]
    readonly attempts: number
    readonly total_millis: number
    readonly longest_millis?: number
  }
}

/** What `delivery_next` answers. */
type ToDo =
  | { readonly do: 'send'; readonly attempt: number; readonly deadline_millis: number }
  | { readonly do: 'wait'; readonly until_millis: number }
  | Extract<Next, { do: 'done' }>

/** What `delivery_record` answers. */
interface Recorded {
  readonly applied: boolean
  readonly delivery: DeliveryState
}
