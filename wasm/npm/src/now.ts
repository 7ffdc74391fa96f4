import { WebhookConfigError } from './errors.js'

/** When a request is judged. */
export interface At {
  /** In Unix seconds, not milliseconds. @default the clock's time */
  readonly now?: number | undefined
}

/**
 * A moment in Unix seconds, by default the clock's.
 *
 * @throws {WebhookConfigError} `bad_now` for what is none, and for milliseconds.
 */
export function secondsOf(now = Date.now() / 1000): number {
  if (typeof now === 'number' && now >= 0 && now <= LATEST) return now
  throw new WebhookConfigError('bad_now', now > LATEST ? 'milliseconds were given as now, which is in seconds' : 'now is no Unix time in seconds')
}

/** Unix seconds of the year 5138; milliseconds passed it in 1973. */
const LATEST = 1e11
