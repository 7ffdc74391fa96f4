// The facts that every runtime is held to, as one JSON text: the repository's fixtures, their bodies in base64.

import { readdirSync, readFileSync } from 'node:fs'

/** Reads them from the repository. */
export function readFixtures() {
  return {
    signatures: ['timestamped', 'standard', 'body'].map((file) => ({ file, ...json(`signatures/${file}.json`) })),
    bodies: json('requests/bodies.json').cases,
    events: sampleEvents(),
    keys: json('idempotency/keys.json').cases,
    claims: json('idempotency/claims.json').cases,
    // Of the others `JSON.parse` changes the numbers before the package sees them.
    deliveries: json('deliveries/traces.json').cases.filter((trace) => !trace.beyond_doubles),
    schedules: json('retries/schedules.json').cases,
  }
}

/** A module that any runtime and bundler loads. A literal would read `__proto__` otherwise than JSON does. */
export function asModule(fixtures) {
  return `export default JSON.parse(${JSON.stringify(JSON.stringify(fixtures))})\n`
}

function sampleEvents() {
  return readdirSync(new URL('events', FOLDER)).flatMap((provider) =>
    readdirSync(new URL(`events/${provider}`, FOLDER)).map((file) => ({
      id: `${provider}/${file.replace(/\.json$/, '')}`,
      provider,
      body_base64: readFileSync(new URL(`events/${provider}/${file}`, FOLDER), 'base64'),
    })),
  )
}

const json = (path) => JSON.parse(readFileSync(new URL(path, FOLDER), 'utf8'))

const FOLDER = new URL('../../../../fixtures/', import.meta.url)
