import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The package as programs of each kind load it: by its name, through `exports`. */
export const PACKAGES = {
  ESM: await import('hookproof'),
  CommonJS: createRequire(import.meta.url)('hookproof'),
}

/** A file of the fixtures that every language reads. */
export const fixture = (path) => JSON.parse(readFileSync(new URL(path, FIXTURES), 'utf8'))

/** The sample events of a provider: type and exact text. */
export const sampleEvents = (provider) =>
  readdirSync(new URL(`events/${provider}`, FIXTURES)).map((file) => ({
    type: file.replace(/\.json$/, ''),
    text: readFileSync(new URL(`events/${provider}/${file}`, FIXTURES), 'utf8'),
  }))

/** The exact bytes of a case's body. */
export const bodyOf = ({ body_base64 }) => Buffer.from(body_base64, 'base64')

/** What a call comes to: `ok`, or the code of its error. */
export function resultOf(call) {
  try {
    call()
    return 'ok'
  } catch (error) {
    return error.code
  }
}

const FIXTURES = new URL('../../../fixtures/', import.meta.url)
