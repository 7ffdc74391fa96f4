// Starting a program and reading what it says, within a limit.

import { spawn } from 'node:child_process'

/**
 * What the program wrote on stdout.
 *
 * @throws where it cannot be started, does not end well, or takes longer than the limit; with what it wrote.
 */
export function output(program, words, { cwd, env, limitMillis = 120_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limitMillis,
      killSignal: 'SIGKILL',
    })
    running.add(child)
    const written = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (written[name] += text))
    child.on('error', reject)
    child.on('close', (status, signal) => {
      running.delete(child)
      if (status === 0) return resolve(written.stdout)
      const ended = signal ? `was ended by ${signal}` : `exited with ${status}`
      reject(new Error(`${[program, ...words].join(' ')} ${ended}\n${written.stdout}${written.stderr}`))
    })
  })
}

/** Nothing outlives us. */
const running = new Set()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))
