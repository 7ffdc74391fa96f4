import { type At, type Profile, type ProviderName, Webhook } from '../index.js'

/** What is sent, and how it is signed. */
export interface SignedRequestOptions extends At {
  /** What is sent as JSON; its text is exactly what `JSON.stringify` writes. */
  readonly event?: unknown
  /** What is sent instead, exactly so. */
  readonly body?: string
  /** @default 'turratech' */
  readonly provider?: ProviderName | Profile
  /** Left out, nothing is signed: TurnStay's requests, and forgeries. */
  readonly secret?: string
  /** The message's id, which Standard Webhooks signs. @default 'msg_test' */
  readonly id?: string
  /** @default 'http://localhost/webhooks' */
  readonly url?: string
  /** Further headers, or others. */
  readonly headers?: Readonly<Record<string, string>>
}

/** One request, in the forms that receivers take. */
export interface SignedRequest {
  /** For Workers, Deno, Bun, Hono and Next. */
  readonly request: Request
  /** For Node: what `request.headers` holds, names in lower case. */
  readonly headers: Record<string, string>
  /** The exact body. */
  readonly body: string
}

/**
 * A request as the provider sends it, signed with the endpoint's secret at `now`, in Unix seconds.
 *
 * @example
 * const { request } = signedRequest({ event: turratechEvent('invoice.paid'), secret })
 * assert.equal((await worker.fetch(request)).status, 200)
 */
export function signedRequest(options: SignedRequestOptions): SignedRequest {
  const { event, body = JSON.stringify(event), provider = 'turratech', secret, id = 'msg_test', now } = options
  const { url = 'http://localhost/webhooks' } = options
  const signature = secret === undefined ? {} : new Webhook({ provider, secret }).sign(body, { now, id })
  const all = new Headers({ 'content-type': 'application/json', ...signature, ...options.headers })
  return { request: new Request(url, { method: 'POST', headers: all, body }), headers: Object.fromEntries(all), body }
}
