// A page in headless Chromium, served from this machine and shut off from every other.

import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

import { output } from './program.mjs'

/** The browser's version. */
export async function chromiumVersion() {
  return /[\d.]+/.exec(await output(CHROMIUM, ['--version']))[0]
}

/**
 * What the page `index.html` of the folder says, once it has loaded: it calls `say` of {@link PAGE} with something that has
 * JSON. `policy` is its content security policy; its scripts' nonce is `page`.
 */
export async function said(folder, policy) {
  const server = createServer((request, response) => serve(folder, policy, request, response))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const profile = mkdtempSync(join(folder, 'profile-'))
  try {
    const page = `http://127.0.0.1:${server.address().port}/`
    const written = await output(CHROMIUM, [...FLAGS, `--user-data-dir=${profile}`, '--dump-dom', page])
    const [, text] = /<output>([^<]*)<\/output>/.exec(written) ?? []
    if (!text) throw new Error(`the page said nothing:\n${written}`)
    return JSON.parse(decodeURIComponent(text))
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

/** The body of a page: a place for what is said, and the way to say it, an error that nobody caught included. */
export const PAGE = `<output></output><script nonce="page">
  const say = (said) => (document.querySelector('output').textContent = encodeURIComponent(JSON.stringify(said)))
  addEventListener('error', ({ message }) => say({ broken: message ?? 'a script cannot be loaded' }), true)
  addEventListener('unhandledrejection', ({ reason }) => say({ broken: String(reason) }))
</script>`

function serve(folder, policy, request, response) {
  const path = normalize(new URL(request.url, 'http://localhost').pathname)
  const file = join(folder, path === '/' ? 'index.html' : path)
  if (!existsSync(file)) return response.writeHead(404).end()
  const headers = { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }
  if (policy) headers['content-security-policy'] = policy
  response.writeHead(200, headers).end(readFileSync(file))
}

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
}

const CHROMIUM = process.env.CHROMIUM ?? 'chromium'
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--virtual-time-budget=30000',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]
