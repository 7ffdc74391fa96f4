/**
 * Why a request that looks right is refused: for a developer's desk, never for an endpoint's answer.
 *
 * @module
 */
import { bodyOf, type RawBody } from './body.js'
import { ask, providerOf } from './desk.js'
import type { VerificationCode } from './errors.js'
import { linesOf, type RequestHeaders } from './headers.js'
import { type At, secondsOf } from './now.js'
import type { Profile, ProviderName } from './provider.js'

/** A request that was refused, and what it was judged by. */
export interface Suspect extends At {
  /** @default 'turratech' */
  readonly provider?: ProviderName | Profile
  /** The secret as it is configured, white space included. */
  readonly secret: string
  /** Secrets that were in force before, or that other endpoints have. */
  readonly otherSecrets?: readonly string[]
  readonly headers: RequestHeaders
  /** The body as it reached the verifying code. */
  readonly body: RawBody
}

/** What was found. No secret is in it, and no right signature. */
export type Diagnosis =
  /** The request is right; nothing refuses it now. */
  | { readonly verdict: 'sound' }
  /** With these mistakes undone the signature holds; more than one only where no single one is enough. */
  | { readonly verdict: 'caused'; readonly causes: readonly Cause[] }
  /** None of the known mistakes explains it. */
  | { readonly verdict: 'unexplained'; readonly refusal: { readonly code: VerificationCode; readonly message: string } }

/** A mistake that, undone, makes the request right. */
export interface Cause {
  readonly code: CauseCode
  /** The mistake and its cure, in a sentence. */
  readonly message: string
  /** For `other_secret`: which of `otherSecrets` is the right one, counted from 0. */
  readonly place?: number
}

/** The mistakes that are looked for. */
export type CauseCode =
  | 'secret_whitespace'
  | 'secret_signed_with_whitespace'
  | 'secret_decoded'
  | 'secret_not_decoded'
  | 'secret_prefix_removed'
  | 'other_secret'
  | 'bom_lost'
  | 'bom_gained'
  | 'newline_lost'
  | 'newline_gained'
  | 'newlines_changed'
  | 'reprinted'
  | 'milliseconds'
  | 'upper_case_digits'
  | 'other_provider'
  | 'body_alone'

/**
 * Looks for what makes a request fail, with the tolerance of 300 s. Every likely mistake is undone in turn, and where
 * the signature then holds, that mistake is the cause.
 *
 * @throws {WebhookConfigError} `unsigned_provider`, and for arguments that cannot be right.
 *
 * @example
 * const { verdict, causes } = diagnose({ secret, headers: request.headers, body: await request.text() })
 */
export function diagnose({ provider = 'turratech', secret, otherSecrets = [], headers, body, now }: Suspect): Diagnosis {
  const raw = bodyOf(body)
  const texts = providerOf(provider)
  const lines = linesOf(headers, ask('signature_headers', { provider: texts }) as string[])
  const pairs = lines.flatMap((name, i) => (i % 2 ? [] : [[name, lines[i + 1]]]))
  const suspect = { provider: texts, secret, other_secrets: otherSecrets, headers: pairs, now_secs: Math.floor(secondsOf(now)) }
  return ask('diagnose', suspect, raw) as Diagnosis
}
