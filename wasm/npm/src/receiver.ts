import module from 'wasm:receive'

import { bodyOf, type RawBody } from './body.js'
import { type Core, type CoreExports, Module } from './core.js'
import { EventFormatError, WebhookConfigError } from './errors.js'
import { linesOf, type RequestHeaders } from './headers.js'
import { hostHash } from './hash.js'
import { parseExactly } from './integers.js'

/** What a receiver is made of. */
export interface Configuration {
  /** In the core's order. */
  readonly provider: readonly string[]
  /** Absent where only an event or its key is asked for. */
  readonly secrets?: readonly string[]
  readonly tolerance?: number | 'unlimited' | undefined
  readonly integers?: Integers | undefined
  readonly nativeFrom?: number | undefined
}

/**
 * What becomes of integers beyond ±(2^53 - 1), which JavaScript's numbers do not hold: the event is refused, or each is
 * kept exact as a `BigInt`.
 */
export type Integers = 'refuse' | 'bigint'

/** A provider with its secrets: opened in the core, and opened again after it was closed or the core was replaced. */
export class Receiver {
  readonly #configuration: Configuration
  #core: ReceiveCore | undefined
  #number = 0
  #names: string[] = []

  /** @throws {WebhookConfigError} what is wrong with the configuration. */
  constructor(configuration: Configuration) {
    this.#configuration = configuration
    receive.use((core) => this.#opened(core))
  }

  /** Judges a signature at `now`, in Unix seconds. */
  verify(raw: RawBody, headers: RequestHeaders, now: number): void {
    this.#ask(raw, headers, undefined, (wasm, number, end, hashes, start, stop) => wasm.verify(number, end, hashes, start, stop, now))
  }

  /** The event of a request whose signature is judged at `now`, in Unix seconds; it is not judged without. */
  event(raw: RawBody, headers: RequestHeaders, now?: number): unknown {
    const body = bodyOf(raw)
    const hasWideIntegers =
      now === undefined
        ? this.#ask(body, headers, '', (wasm, number, end, _, __, stop) => wasm.parse(number, end, stop))
        : this.#ask(body, headers, undefined, (wasm, number, end, hashes, start, stop) => wasm.receive(number, end, hashes, start, stop, now))
    if (hasWideIntegers) return this.#eventWithWideIntegers(body, headers)
    return JSON.parse(typeof body === 'string' ? body : decoder.decode(body))
  }

  /** The key under which a request's event is claimed. */
  key(raw: RawBody, headers: RequestHeaders, endpoint: string): string {
    return this.#ask(
      raw,
      headers,
      endpoint,
      (wasm, number, end, _, start, stop) => wasm.idempotency_key(number, end, start, stop),
      (core, length) => core.text(length),
    )
  }

  /** The headers that sign a body, sent at `now`, in Unix seconds: a name before each value. */
  sign(raw: RawBody, id: string, now: number): string[] {
    return this.#ask(raw, [], id, (wasm, number, _, __, start, stop) => wasm.sign(number, start, stop, now), texts)
  }

  /**
   * Writes a request into the core, asks about it, and reads the answer.
   *
   * @param between What stands between headers and body: a text, or else the host's hashes where the body is worth them.
   * @param question Is asked with the places where the headers end and what is between ends, and of the body.
   */
  #ask<Answer = number>(
    raw: RawBody,
    headers: RequestHeaders,
    between: string | undefined,
    question: (wasm: ReceiveExports, number: number, headers: number, between: number, start: number, stop: number) => number,
    read: (core: ReceiveCore, answer: number) => Answer = (_, answer) => answer as Answer,
  ): Answer {
    const { provider, secrets = [], nativeFrom = NATIVE_FROM } = this.#configuration
    if (typeof headers === 'string' && (provider[1] ?? provider[0])!.startsWith('standard')) {
      throw new WebhookConfigError('bad_headers', 'Standard Webhooks signs three headers: give them all')
    }
    const body = bodyOf(raw)
    const lines = linesOf(headers, this.#names)
    return receive.use((core) => {
      this.#opened(core)
      for (const line of lines) core.field(line)
      const { end } = core
      core.append(between ?? '')
      const hash = between === undefined && body.length >= nativeFrom && hostHash()
      if (hash) core.skip(HASH * secrets.length)
      const behind = core.end
      const before = (secret: number) => core.answer(core.wasm.before_body(this.#number, end, secret, behind))
      if (hash) core.skip(before(0))
      const start = core.end
      core.append(body)
      if (hash) {
        secrets.forEach((_, i) => {
          if (i) before(i)
          core.put(end + HASH * i, hash('sha256', core.view(behind, core.end), 'latin1'))
        })
      }
      return read(core, core.answer(question(core.wasm, this.#number, end, behind, start, core.end)))
    })
  }

  #opened(core: ReceiveCore): void {
    if (this.#core === core) return
    if (openIn !== core) {
      openIn = core
      open = []
    }
    if (open.length >= MOST_OPEN) open.shift()!.#close()
    const { secrets, tolerance = 300 } = this.#configuration
    const { wasm } = core
    const end = this.#configure(core)
    const seconds = typeof tolerance === 'number' ? tolerance : NaN
    this.#number = core.answer(
      secrets ? wasm.open(end, core.end, seconds, tolerance !== 'unlimited') : wasm.open_unverified(core.end),
    )
    const names = texts(core, core.answer(wasm.header_names(this.#number)))
    this.#names = [...new Set(names.map((name) => name.toLowerCase()))]
    this.#core = core
    open.push(this)
    core.restart()
  }

  #close(): void {
    this.#core!.wasm.close(this.#number)
    this.#core = undefined
  }

  /** Writes the configuration; where its secrets end. */
  #configure(core: ReceiveCore): number {
    const { secrets = [], provider } = this.#configuration
    for (const secret of secrets) core.field(secret)
    const { end } = core
    for (const text of provider) core.field(text)
    return end
  }

  #eventWithWideIntegers(body: string | Uint8Array, headers: RequestHeaders): unknown {
    const places = this.#ask(
      body,
      headers,
      '',
      (wasm, number, end, _, __, stop) => wasm.wide_integers(number, end, stop),
      (core, length) => new Uint32Array(core.view(0, length).slice().buffer),
    )
    if (this.#configuration.integers === 'bigint') {
      return parseExactly(typeof body === 'string' ? new TextEncoder().encode(body) : body, places)
    }
    throw new EventFormatError(
      'unsafe_integer',
      `the integer at byte ${places[0]} is beyond 2^53 - 1, and a number would change it; integers: 'bigint' keeps it`,
    )
  }
}

/** The texts of an answer that is a list. */
function texts(core: ReceiveCore, length: number): string[] {
  return core.list(length).map((text) => decoder.decode(text))
}

/** What the module exports: see `wasm/src/receiver.rs`. */
interface ReceiveExports extends CoreExports {
  open(secrets: number, end: number, tolerance: number, checksAge: boolean): number
  open_unverified(end: number): number
  close(receiver: number): void
  header_names(receiver: number): number
  verify(receiver: number, headers: number, hashes: number, body: number, end: number, now: number): number
  receive(receiver: number, headers: number, hashes: number, body: number, end: number, now: number): number
  parse(receiver: number, headers: number, end: number): number
  before_body(receiver: number, headers: number, secret: number, at: number): number
  wide_integers(receiver: number, headers: number, end: number): number
  idempotency_key(receiver: number, headers: number, endpoint: number, end: number): number
  sign(receiver: number, id: number, end: number, at: number): number
}

type ReceiveCore = Core<ReceiveExports>

const receive = new Module<ReceiveExports>(module)

/** The receivers that are open, the first opened first: one more closes it, so that no program fills the core. */
let open: Receiver[] = []
let openIn: ReceiveCore | undefined
const MOST_OPEN = 64

/** From so many bytes on, the host's hash beats ours on every host; measured, see the benchmark. */
const NATIVE_FROM = 1024

/** The bytes of a SHA-256. */
const HASH = 32

const decoder = new TextDecoder()
