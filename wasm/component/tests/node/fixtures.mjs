// The fixtures of the repository, as the component takes them.

import { readFileSync } from 'node:fs'

/** What `claims.json`, `bodies.json` and their like hold. */
export const read = (path) => JSON.parse(textOf(path))

/** The same, with every number of milliseconds as the text that it is: a double would change some. */
export function readExactly(path) {
  const quoted = textOf(path)
    .replace(/("\w+_millis": )(\d+)/g, '$1"$2"')
    .replace(/("delays_millis": )\[([^\]]*)\]/g, (_, name, delays) => name + JSON.stringify(delays.match(/\d+/g) ?? []))
  return JSON.parse(quoted)
}

export const bytes = (base64) => new Uint8Array(Buffer.from(base64, 'base64'))

export const builtIn = (name) => ({ tag: 'built-in', val: name })

/** A provider of which only the signature counts. */
export function signedBy({ kind, header, id, timestamp, signature, prefix, encoding }) {
  const schemes = {
    timestamped: { tag: 'timestamped', val: header },
    standard: { tag: 'standard', val: { id, timestamp, signature } },
    body: { tag: 'body', val: { header, prefix, encoding } },
  }
  const nowhere = { tag: 'nowhere' }
  const shape = { id: nowhere, kind: nowhere, created: nowhere, createdFormat: 'unix-secs', object: '' }
  return { tag: 'described', val: { name: 'shop', signature: schemes[kind], shape } }
}

/** What a call gives, or the failure that it throws. */
export function outcomeOf(call) {
  try {
    return { ok: call() }
  } catch (error) {
    if (error.payload === undefined) throw error
    return { failed: error.payload }
  }
}

const textOf = (path) => readFileSync(new URL(`../../../../fixtures/${path}`, import.meta.url), 'utf8')
