// Reports to look at, written by the command.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder, and the way to remove it. */
export function folder() {
  const path = mkdtempSync(join(tmpdir(), 'hookproof-pages-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Runs `hookproof check` with these words; resolves with its exit status and what it printed. */
export function check(...words) {
  return hookproof('check', ...words)
}

/** Runs the command with these words. */
export function hookproof(...words) {
  const binary = process.env.HOOKPROOF
  if (!binary) throw new Error('HOOKPROOF must name the command; `cargo xtask pages` sets it')
  return new Promise((resolve, reject) => {
    const child = spawn(binary, words, { env: { ...process.env, HOOKPROOF_SECRET: 'whsec_aHRtbC1yZXBvcnQtc2VjcmV0' } })
    const said = { out: '', err: '' }
    child.stdout.on('data', (bytes) => (said.out += bytes))
    child.stderr.on('data', (bytes) => (said.err += bytes))
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, ...said }))
  })
}
