import { WebhookConfigError } from './errors.js'

/** A body exactly as it was received: its text, or its bytes in any form (a Node `Buffer` is a `Uint8Array`). */
export type RawBody = string | ArrayBufferView | ArrayBufferLike

/**
 * The text or the bytes of a raw body.
 *
 * @throws {WebhookConfigError} `body_not_raw` for anything else, as JSON that was parsed, and `lone_surrogate` for a
 * text that no bytes can have been.
 */
export function bodyOf(raw: RawBody): string | Uint8Array {
  if (typeof raw === 'string') {
    // Where there is no `isWellFormed`, a lone surrogate is what the encoder replaces.
    if (raw.isWellFormed?.() ?? !/\p{Cs}/u.test(raw)) return raw
    throw new WebhookConfigError('lone_surrogate', 'the body has half a character: it was not decoded as UTF-8; give its bytes')
  }
  let bytes
  if (ArrayBuffer.isView(raw)) bytes = new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength)
  // Not `instanceof`: an edge runtime's ArrayBuffer is another realm's.
  else if (/ArrayBuffer]$/.test(Object.prototype.toString.call(raw))) bytes = new Uint8Array(raw)
  else throw new WebhookConfigError('body_not_raw', NOT_RAW)
  // A shared one could change between its judging and its reading.
  return bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice()
}

const NOT_RAW =
  'the body must be the text or bytes as received: JSON parsed and printed again has another signature. ' +
  "Express: express.raw({ type: '*/*' }) on this route, before express.json(). " +
  'Workers, Hono, Next App Router: await request.text(). ' +
  'Next Pages Router: export const config = { api: { bodyParser: false } }, then read the stream. ' +
  "Fastify: addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => done(null, body))"
