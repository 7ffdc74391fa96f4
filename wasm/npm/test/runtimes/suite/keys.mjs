import { bytesOf } from './bytes.mjs'
import { same } from './expect.mjs'
import { SECRETS } from './provider.mjs'

/** Every delivery of the fixtures has its idempotency key, by the function and by a `Webhook`. */
export function keys({ keys }) {
  return keys.map(({ id, provider, endpoint, headers, body_base64, key }) => ({
    id,
    check({ hookproof: { idempotencyKey, Webhook } }) {
      const body = bytesOf(body_base64)
      same(idempotencyKey(body, headers, endpoint, { provider }), key, 'key')
      const secret = SECRETS[provider]
      if (secret) same(new Webhook({ provider, secret }).idempotencyKey(body, headers, endpoint), key, "a Webhook's key")
    },
  }))
}
