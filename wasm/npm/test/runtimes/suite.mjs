// What the package promises, as cases that any runtime can run: the language itself and the package's public API, and
// nothing of Node.
//
// A part makes its cases from the fixtures alone, so that the number of cases is known without running one.

import { calls } from './suite/calls.mjs'
import { claims } from './suite/claims.mjs'
import { deliveries } from './suite/deliveries.mjs'
import { diagnoses } from './suite/diagnoses.mjs'
import { events } from './suite/events.mjs'
import { generated } from './suite/generated.mjs'
import { watchHost } from './suite/host.mjs'
import { keys } from './suite/keys.mjs'
import { signatures } from './suite/signatures.mjs'
import { signing } from './suite/signing.mjs'

const PARTS = { signatures, signing, events, keys, calls, claims, deliveries, diagnoses, generated }

/** How many cases each part has. */
export function plan(fixtures) {
  return Object.fromEntries(Object.entries(PARTS).map(([name, part]) => [name, part(fixtures).length]))
}

/**
 * Runs every case. `hookproof` holds the package's entries by their names: `hookproof`, `sender`, `claim`, `diagnose`
 * and `testing`.
 */
export async function run(hookproof, fixtures) {
  const host = watchHost()
  const report = { parts: {}, failed: [], host: host.offered, hostMacs: 0 }
  for (const [name, part] of Object.entries(PARTS)) {
    const cases = part(fixtures)
    for (const { id, check } of cases) {
      try {
        await check(hookproof)
      } catch (error) {
        report.failed.push(`${name}/${id}: ${described(error)}`)
      }
    }
    report.parts[name] = cases.length
  }
  report.hostMacs = host.made()
  return report
}

/** One line, where it will do. */
const described = (error) => (error?.constructor?.name === 'Error' ? error.message : `${error?.stack ?? error}`)
