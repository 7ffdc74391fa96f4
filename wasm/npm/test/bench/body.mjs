// What is sent in every benchmark: the same bytes and the same key for everyone.

/** A base64 text, because Standard Webhooks wants one; for the others it is a text like any other. */
export const SECRET = 'whsec_c2hvcCBzZWNyZXQgb2YgMzIgYnl0ZXMgaGVyZSEh'

/** In bytes: a small event, ordinary ones, one with a long list, and as much as a server takes. */
export const SIZES = [300, 1_024, 2_048, 8_192, 65_536, 1_048_576]

/**
 * An event of Stripe's and TurraTech's envelope of about so many bytes: short strings, numbers, nesting, and a few letters
 * beyond ASCII. The same as the core's benchmarks read.
 */
export function bodyOf(size) {
  const head =
    '{"id":"evt_1NqQXYZ123456789","object":"event","api_version":"2024-06-20","created":1704067200,' +
    '"livemode":false,"pending_webhooks":1,"type":"shop.order.packed","data":{"object":{"id":"pi_1",' +
    '"object":"payment_intent","amount":2000,"currency":"gbp","metadata":{'
  const tail = '"end":"z"}}}}'
  let text = head
  let bytes = head.length + tail.length
  for (let line = 0; bytes < size; line++) {
    const added = `"line_${line}":{"sku":"A-${line}","name":"Café crème","price":${line * 7},"paid":true},`
    text += added
    bytes += Buffer.byteLength(added)
  }
  return Buffer.from(text + tail).toString()
}
