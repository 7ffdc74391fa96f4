import module from 'wasm:desk'

import { type CoreExports, Module } from './core.js'
import { WebhookConfigError } from './errors.js'
import { type Profile, type ProviderName, textsOf } from './provider.js'

/**
 * Asks the module that is not needed while a request is answered.
 *
 * @param about What the question is about, behind it: a body, or a delivery or a claim as JSON.
 * @throws {WebhookConfigError} `bad_argument` for an argument of another type than the documented one, `bad_state` for
 * what is no delivery or claim, and what the question's own failures are.
 */
export function ask(question: Question, request: object, about: string | Uint8Array = ''): unknown {
  const text = jsonOf('bad_argument', request)
  return desk.use((core) => {
    core.append(text)
    const { end } = core
    core.append(about)
    return JSON.parse(core.text(core.answer(core.wasm[question](end, core.end))))
  })
}

/** A provider as that module takes it: a built-in one by its name, with all that is published of it. */
export function providerOf(provider: ProviderName | Profile): readonly string[] {
  const texts = textsOf(provider)
  return typeof provider === 'string' ? [provider] : texts
}

/** The JSON of a value that may be anything. */
export function jsonOf(code: 'bad_argument' | 'bad_state', value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch (cause) {
    throw new WebhookConfigError(code, 'what was given has no JSON', { cause })
  }
}

/** What the module answers: see `wasm/src/desk.rs`. */
type Question =
  | 'diagnose'
  | 'signature_headers'
  | 'schedule'
  | 'delivery_new'
  | 'delivery_next'
  | 'delivery_record'
  | 'delivery_resend'
  | 'claim_claim'
  | 'claim_commit'
  | 'claim_release'

type DeskExports = CoreExports & Record<Question, (request: number, end: number) => number>

const desk = new Module<DeskExports>(module)
