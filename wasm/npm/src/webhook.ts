import type { RawBody } from './body.js'
import type { EventOf } from './event.js'
import type { RequestHeaders } from './headers.js'
import { type At, secondsOf } from './now.js'
import { type Profile, type ProviderName, textOf, textsOf } from './provider.js'
import { type Integers, Receiver } from './receiver.js'

/** How a {@link Webhook} is made. */
export interface WebhookOptions<Provider extends ProviderName | Profile, I extends Integers> {
  /** @default 'turratech' */
  readonly provider?: Provider
  /** The secret of the endpoint, as the provider shows it. */
  readonly secret?: string | undefined
  /** Several of them, while one is rotated. The first one signs. */
  readonly secrets?: readonly string[]
  /**
   * How far the signed time may lie from now, in whole seconds, either way, itself included. `'unlimited'` switches the
   * check off: a captured request then stays valid for ever.
   * @default 300
   */
  readonly tolerance?: number | 'unlimited' | undefined
  /** @default 'refuse' */
  readonly integers?: I
  /**
   * Bodies of so many bytes are hashed by the runtime's `node:crypto`, where it can be had; shorter ones by the core,
   * which is faster for them. The verdict is the same. `Infinity` never asks the runtime.
   * @default 1024
   */
  readonly nativeFrom?: number
}

/**
 * A receiver of one provider's webhooks, made once for its secrets.
 *
 * @example
 * const webhook = new Webhook({ secrets: [process.env.NEW_SECRET, process.env.OLD_SECRET] })
 * const event = webhook.verify(await request.text(), request.headers)
 */
export class Webhook<const Provider extends ProviderName | Profile = 'turratech', const I extends Integers = 'refuse'> {
  readonly #receiver: Receiver

  /** @throws {WebhookConfigError} for secrets, a tolerance or a profile that cannot be right. */
  constructor(options: WebhookOptions<Provider, I>) {
    const { provider = 'turratech', secret, secrets = [], ...others } = options
    const all = secret === undefined ? secrets : [secret, ...secrets]
    this.#receiver = new Receiver({ provider: textsOf(provider), secrets: all.map(textOf), ...others })
  }

  /**
   * The event of a request, whose signature is judged first. Synchronous on every runtime.
   *
   * @throws {WebhookVerificationError} the request is not the provider's, or not of now.
   * @throws {EventFormatError} it is, and its body is no event.
   * @throws {WebhookConfigError} the body is not raw, or the provider does not sign.
   */
  verify(rawBody: RawBody, headers: RequestHeaders, { now }: At = {}): EventOf<Provider, I> {
    return this.#receiver.event(rawBody, headers, secondsOf(now)) as EventOf<Provider, I>
  }

  /**
   * Judges the signature alone: the body may be anything.
   *
   * @throws {WebhookVerificationError} the request is not the provider's, or not of now.
   */
  verifySignature(rawBody: RawBody, headers: RequestHeaders, { now }: At = {}): void {
    this.#receiver.verify(rawBody, headers, secondsOf(now))
  }

  /** The headers with which the provider would send this body, at `now` in Unix seconds. Standard Webhooks needs an `id`. */
  sign(rawBody: RawBody, { now, id }: At & { readonly id?: string } = {}): Record<string, string> {
    const texts = this.#receiver.sign(rawBody, textOf(id), secondsOf(now))
    const headers: Record<string, string> = {}
    for (let i = 0; i < texts.length; i += 2) headers[texts[i]!] = texts[i + 1]!
    return headers
  }

  /** The signature header's value for a body: for tests. */
  generateTestHeader({ body, ...at }: At & { readonly body: RawBody; readonly id?: string }): string {
    return Object.values(this.sign(body, at)).at(-1)!
  }

  /** The key under which a verified event is claimed, so that it has its effect once at this endpoint. */
  idempotencyKey(rawBody: RawBody, headers: RequestHeaders, endpoint: string): string {
    return this.#receiver.key(rawBody, headers, endpoint)
  }
}
