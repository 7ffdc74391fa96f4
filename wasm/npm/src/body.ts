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
    if (raw.isWellFormed?.() ?? !/\p{Cs}/u.test(raw)) return raw
    throw new WebhookConfigError('lone_surrogate', 'the body has half a character: give its bytes')
  }
  let view
  try {
    // Of buffers a DataView takes any realm's, and nothing else.
    view = ArrayBuffer.isView(raw) ? raw : new DataView(raw)
  } catch {
    throw new WebhookConfigError('body_not_raw', NOT_RAW)
  }
  const bytes = view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  // A shared one could change between its judging and its reading.
  return bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice()
}

const NOT_RAW =
  'the body must be as received, not parsed. ' +
  "Express: express.raw({ type: '*/*' }) before express.json(). Request, Hono, Next App Router: await request.text(). " +
  "Next Pages Router: bodyParser: false, and read the stream. Fastify: addContentTypeParser with parseAs: 'buffer'"
