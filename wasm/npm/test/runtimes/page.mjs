// docs/runtimes.md: what was proven, and where.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Writes the page. */
export function write(results, planned) {
  writeFileSync(PAGE, page(results, planned))
}

/** Whether the page says this already, save the versions of what a machine brings. */
export function isCurrent(results, planned) {
  const written = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : ''
  return withoutVersions(written) === withoutVersions(page(results, planned))
}

function page(results, planned) {
  const rows = results.map(
    ({ title, version, condition, file, hasHostMacs, cases }) =>
      `| ${title} | ${version} | \`${condition}\`: \`${file}\` | ${hasHostMacs ? 'both' : "the core's"} | ${cases} |`,
  )
  const parts = Object.entries(planned).map(([part, cases]) => `| ${part} | ${PARTS[part]} | ${cases} |`)
  return `${HEAD}
| runtime | version | loaded by | MACs | cases |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

${CASES}
| part | a case | cases |
| --- | --- | --- |
${parts.join('\n')}
`
}

/** What a machine brings, not we, may have another version. */
const withoutVersions = (text) => text.replace(/^(\| (?:Node\.js|Chromium)[^|]*\|) [\d.]+/gm, '$1')

const HEAD = `# Runtimes

The npm package is packed, installed into an empty project for each runtime, and loaded there as its users load it:
nobody chooses a file. In each, the same cases are run through the public API, all of them, with the same verdicts.

This page is made by \`cargo xtask runtimes --update\`; \`cargo xtask test\` runs them again and compares all but the
versions of Node.js and Chromium, which a machine brings.
`

const CASES = `"Loaded by" is the condition of the package's \`exports\` that the runtime or its bundler chose. Where the runtime offers
\`node:crypto\` without an import, every signature is judged by its MACs as well as by the core's. The page of ES modules in
Chromium has a content security policy with \`'wasm-unsafe-eval'\` and without \`'unsafe-eval'\`; in workerd and in edge-runtime
no bytes can be compiled at all.

## Cases
`

const PARTS = {
  signatures: 'a vector of `fixtures/signatures`, its headers and its body in every form',
  signing: 'a vector that is as its provider signs, signed again',
  events: 'a body, rightly signed: the event that it is, or why it is none',
  keys: 'a delivery and its idempotency key',
  calls: 'a way to call the package, or one that is refused',
  claims: 'the life of one idempotency key',
  deliveries: 'one delivery, attempt by attempt',
  diagnoses: 'a mistake, and the diagnosis of the request that shows it',
  generated: 'an event of `hookproof/testing`, in a signed request',
}

const PAGE = new URL('../../../../docs/runtimes.md', import.meta.url)
