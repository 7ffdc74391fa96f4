/**
 * Payment webhooks, verified with one synchronous call on every runtime.
 *
 * @module
 */
import type { RawBody } from './body.js'
import type { EventOf, TurraTechEvent } from './event.js'
import type { RequestHeaders } from './headers.js'
import { type At, secondsOf } from './now.js'
import { type Profile, type ProviderName, textOf, textsOf } from './provider.js'
import { type Configuration, type Integers, Receiver } from './receiver.js'

export type { RawBody } from './body.js'
export {
  type ConfigCode,
  type EventCode,
  EventFormatError,
  type VerificationCode,
  WebhookConfigError,
  WebhookVerificationError,
} from './errors.js'
export type * from './event.js'
export type { HeaderValue, RequestHeaders } from './headers.js'
export type { At } from './now.js'
export type { Place, Profile, ProviderName, Signature } from './provider.js'
export type { Integers } from './receiver.js'
export { Webhook, type WebhookOptions } from './webhook.js'

/**
 * The event of a request of TurraTech's, verified.
 *
 * @param rawBody The body exactly as it was received.
 * @param header The value of `turratech-signature`, or all headers.
 * @param secret The endpoint's secret; several while one is rotated.
 * @param tolerance How far the signed time may lie from now: whole seconds, or `'unlimited'`. 300 without it.
 * @throws {WebhookVerificationError} the request is not TurraTech's, or not of now: answer 400.
 * @throws {EventFormatError} it is, and its body is no event: answer 400.
 * @throws {WebhookConfigError} the call is wrong, whatever the request is: answer 500.
 */
export function constructEvent(
  rawBody: RawBody,
  header: RequestHeaders,
  secret: string | readonly string[],
  tolerance?: number | 'unlimited',
  at?: At,
): TurraTechEvent {
  const now = secondsOf(at?.now)
  // Most calls are like this one, and the key of a map that is a text already costs nothing.
  const isPlain = typeof secret === 'string' && tolerance === undefined
  const known = isPlain ? keptBySecret.get(secret) : undefined
  return (known ?? turratechReceiver(secret, tolerance, isPlain)).event(rawBody, header, now) as TurraTechEvent
}

/** As TurraTech's page prints the call: `turratech.webhooks.constructEvent(...)`. */
export const turratech = { webhooks: { constructEvent } }

/**
 * The event of a provider that does not sign. Anyone may have sent it: look the object up at the provider before acting.
 *
 * @throws {EventFormatError} the body is no event.
 * @throws {WebhookConfigError} `signed_provider`: verify its events instead.
 */
export function parseEvent<const Provider extends ProviderName | Profile = 'turnstay', const I extends Integers = 'refuse'>(
  rawBody: RawBody,
  headers?: RequestHeaders,
  { provider = 'turnstay' as Provider, integers }: { provider?: Provider; integers?: I } = {},
): EventOf<Provider, I> {
  return reader(provider, integers).event(rawBody, headers) as EventOf<Provider, I>
}

/**
 * The key under which a verified event is claimed, so that it has its effect once at this endpoint.
 *
 * @param endpoint A name of the endpoint that stays, such as its URL: two endpoints have an effect each.
 * @throws {EventFormatError} the body is no event.
 */
export function idempotencyKey(
  rawBody: RawBody,
  headers: RequestHeaders,
  endpoint: string,
  { provider = 'turratech' }: { provider?: ProviderName | Profile } = {},
): string {
  return reader(provider).key(rawBody, headers, endpoint)
}

function turratechReceiver(secret: string | readonly string[], tolerance: number | 'unlimited' | undefined, isPlain: boolean): Receiver {
  const secrets = [secret].flat().map(textOf)
  const configuration = { provider: textsOf('turratech'), secrets, tolerance }
  if (isPlain) return receiverOf(keptBySecret, secrets[0]!, configuration)
  // JSON has neither `NaN` nor the difference between 300 and '300', which is refused.
  return receiverOf(kept, JSON.stringify([secrets, typeof tolerance, `${tolerance}`]), configuration)
}

/** A receiver without secrets. */
function reader(provider: ProviderName | Profile, integers?: Integers): Receiver {
  const texts = textsOf(provider)
  return receiverOf(kept, JSON.stringify([integers, texts]), { provider: texts, integers })
}

/** The receiver that is kept under a key, made when it is first asked for; all are forgotten when there are too many. */
function receiverOf(kept: Map<string, Receiver>, key: string, configuration: Configuration): Receiver {
  let receiver = kept.get(key)
  if (!receiver) {
    receiver = new Receiver(configuration)
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(key, receiver)
  }
  return receiver
}

const kept = new Map<string, Receiver>()
const keptBySecret = new Map<string, Receiver>()
const MOST_KEPT = 64
