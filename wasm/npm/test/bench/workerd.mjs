// workerd, which runs Cloudflare's Workers, beside its own `crypto.subtle.verify`.
//
// Its clock stands still while a request computes, so requests are timed from outside: each one verifies 2,000 times, and
// a request that does the same loop around nothing is subtracted.

import { basename } from 'node:path'

import { Miniflare } from 'miniflare'

import { Webhook } from '../../dist/esm/index.js'
import { SECRET, bodyOf } from './body.mjs'
import { bundled } from './bundle.mjs'
import { ROUNDS, tell, turned } from './rounds.mjs'

const CALLS = 2_000

/** Ours returns and theirs is awaited, so each has a loop of its own kind to subtract. */
const WORKER = `
import { Webhook } from 'hookproof'

const webhook = new Webhook({ secret: ${JSON.stringify(SECRET)} })
const hmac = { name: 'HMAC', hash: 'SHA-256' }
const key = crypto.subtle.importKey('raw', new TextEncoder().encode(${JSON.stringify(SECRET)}), hmac, false, ['verify'])

export default {
  async fetch(request) {
    const header = request.headers.get('turratech-signature')
    const body = new Uint8Array(await request.arrayBuffer())
    const [, time, mac] = /t=(\\d+),v1=(\\w+)/.exec(header)
    const signed = new Uint8Array(await new Blob([time, '.', body]).arrayBuffer())
    const signature = Uint8Array.from(mac.match(/../g), (digits) => parseInt(digits, 16))
    const verify = await key
    let right = 0
    const loops = {
      ours() { for (let i = 0; i < ${CALLS}; i++) { webhook.verifySignature(body, header); right++ } },
      nothing() { for (let i = 0; i < ${CALLS}; i++) { right++ } },
      async theirs() { for (let i = 0; i < ${CALLS}; i++) if (await crypto.subtle.verify(hmac, verify, signature, signed)) right++ },
      async nothingAwaited() { for (let i = 0; i < ${CALLS}; i++) if (await true) right++ },
    }
    await loops[new URL(request.url).pathname.slice(1)]()
    return new Response(String(right))
  },
}
`

const NAMES = ['ours', 'nothing', 'theirs', 'nothingAwaited']

for (const flags of [['nodejs_compat'], []]) {
  const worker = await started(flags)
  try {
    for (const size of [300, 2_048, 8_192, 65_536]) await measure(worker, flags.length > 0, size)
  } finally {
    await worker.dispose()
  }
}

async function measure(worker, hasHostHash, size) {
  const body = bodyOf(size)
  const headers = { 'turratech-signature': new Webhook({ secret: SECRET }).generateTestHeader({ body }) }
  const nanosOf = async (name) => {
    const start = process.hrtime.bigint()
    const response = await worker.dispatchFetch(`http://localhost/${name}`, { method: 'POST', headers, body })
    const text = await response.text()
    const nanos = Number(process.hrtime.bigint() - start)
    if (text !== String(CALLS)) throw new Error(`${name} verified ${text} of ${CALLS}`)
    return nanos
  }
  for (const name of [...NAMES, ...NAMES]) await nanosOf(name)
  const rounds = { verifySignature: [], 'crypto.subtle.verify': [] }
  for (let round = 0; round < ROUNDS; round++) {
    const nanos = {}
    for (const name of turned(NAMES, round)) nanos[name] = await nanosOf(name)
    rounds.verifySignature.push((nanos.ours - nanos.nothing) / CALLS)
    rounds['crypto.subtle.verify'].push((nanos.theirs - nanos.nothingAwaited) / CALLS)
  }
  tell(hasHostHash ? 'workerd-nodejs' : 'workerd', size, rounds, 'verifySignature', 'crypto.subtle.verify', goalOf(hasHostHash, size))
}

function goalOf(hasHostHash, size) {
  if (hasHostHash) return size < 65_536 ? { more: 3_000 } : { ratio: 1 }
  return size <= 2_048 ? { ratio: 2 } : {}
}

async function started(compatibilityFlags) {
  const files = await bundled(WORKER, 'workerd')
  return new Miniflare({
    modules: files.map(({ path, text, contents }) =>
      path.endsWith('.js')
        ? { type: 'ESModule', path: basename(path), contents: text }
        : { type: 'CompiledWasm', path: basename(path), contents },
    ),
    compatibilityDate: '2026-04-01',
    compatibilityFlags,
    // Otherwise it is fetched from the network.
    cf: false,
  })
}
