import module from 'wasm:receive'

import { bodyOf, type RawBody } from './body.js'
import { type Core, type CoreExports, Module } from './core.js'
import { EventFormatError, WebhookConfigError } from './errors.js'
import { linesOf, type RequestHeaders } from './headers.js'
import { hostHash } from './host.js'
import { parseExactly } from './integers.js'
import { headersOf, isStandard } from './provider.js'

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

/** A provider with its secrets: opened in the core, and opened again after another took its place or the core was replaced. */
export class Receiver {
  readonly #configuration: Configuration
  readonly #names: readonly string[]
  #core: ReceiveCore | undefined
  #number = 0

  /** @throws {WebhookConfigError} what is wrong with the configuration. */
  constructor(configuration: Configuration) {
    this.#configuration = configuration
    this.#names = headersOf(configuration.provider)
    receive.use((core) => this.#opened(core))
  }

  /** Judges a signature at `now`, in Unix seconds. */
  verify(raw: RawBody, headers: RequestHeaders, now: number): void {
    this.#ask(Question.IsSigned, bodyOf(raw), headers, undefined, now)
  }

  /** The event of a request whose signature is judged at `now`, in Unix seconds; it is not judged without. */
  event(raw: RawBody, headers: RequestHeaders, now?: number): unknown {
    const body = bodyOf(raw)
    const [question, named] = now === undefined ? [Question.IsUnsignedEvent, ''] : [Question.IsSignedEvent]
    const places = this.#ask(question, body, headers, named, now, (core, length) => length && core.view(0, length).slice())
    if (places) return this.#eventWithWideIntegers(body, new Uint32Array(places.buffer))
    return JSON.parse(typeof body === 'string' ? body : decoder.decode(body))
  }

  /** The key under which a request's event is claimed. */
  key(raw: RawBody, headers: RequestHeaders, endpoint: string): string {
    return this.#ask(Question.Key, bodyOf(raw), headers, endpoint, 0, (core, length) => core.text(length))
  }

  /** The headers that sign a body, sent at `now`, in Unix seconds: a name before each value. */
  sign(raw: RawBody, id: string, now: number): string[] {
    return this.#ask(Question.Signature, bodyOf(raw), [], id, now, (core, length) => core.list(length))
  }

  /**
   * Writes a request into the core, asks about it, and reads the answer.
   *
   * @param named What the question names: a text, or else the host's hashes where the body is worth them.
   */
  #ask<Answer = number>(
    question: Question,
    body: string | Uint8Array,
    headers: RequestHeaders,
    named: string | undefined,
    now = 0,
    read: (core: ReceiveCore, length: number) => Answer = (_, length) => length as Answer,
  ): Answer {
    const { provider, secrets = [], nativeFrom = NATIVE_FROM } = this.#configuration
    if (typeof headers === 'string' && isStandard(provider)) {
      throw new WebhookConfigError('bad_headers', 'Standard Webhooks signs three headers: give them all')
    }
    const lines = linesOf(headers, this.#names)
    return receive.use((core) => {
      this.#opened(core)
      for (const line of lines) core.field(line)
      const { end } = core
      core.append(named ?? '')
      const hash = named === undefined && body.length >= nativeFrom && hostHash()
      if (hash) core.skip(HASH * secrets.length)
      const behind = core.end
      const ask = (question: number, start: number) =>
        core.answer(core.wasm.ask(question, this.#number, end, behind, start, core.end, now))
      const before = (secret: number) => ask(Question.BeforeBody + secret, behind)
      if (hash) core.skip(before(0))
      const start = core.end
      core.append(body)
      if (hash) {
        secrets.forEach((_, i) => {
          if (i) before(i)
          core.put(end + HASH * i, hash('sha256', core.view(behind, core.end), 'latin1'))
        })
      }
      return read(core, ask(question, start))
    })
  }

  /** Opens it where it is not open: in the place of the one that was opened the longest ago, if there is no other. */
  #opened(core: ReceiveCore): void {
    if (this.#core === core) return
    if (openIn !== core) {
      openIn = core
      open = []
    }
    const oldest = open.length < MOST_OPEN ? undefined : open.shift()!
    const number = oldest ? oldest.#number : open.length
    if (oldest) oldest.#core = undefined
    const { provider, secrets, tolerance = 300 } = this.#configuration
    if (tolerance !== 'unlimited' && !(Number.isInteger(tolerance) && tolerance >= 0)) {
      throw new WebhookConfigError('bad_tolerance', 'the tolerance is not a whole number of seconds above 0')
    }
    for (const secret of secrets ?? []) core.field(secret)
    const { end } = core
    for (const text of provider) core.field(text)
    core.answer(core.wasm.open(number, end, core.end, tolerance === 'unlimited' ? -1 : tolerance, !!secrets))
    this.#number = number
    this.#core = core
    open.push(this)
    core.restart()
  }

  #eventWithWideIntegers(body: string | Uint8Array, places: Uint32Array): unknown {
    if (this.#configuration.integers === 'bigint') {
      return parseExactly(typeof body === 'string' ? new TextEncoder().encode(body) : body, places)
    }
    throw new EventFormatError(
      'unsafe_integer',
      `the integer at byte ${places[0]} is beyond 2^53 - 1, and a number would change it; integers: 'bigint' keeps it`,
    )
  }
}

/** What the module exports: see `wasm/src/receiver.rs`. */
interface ReceiveExports extends CoreExports {
  open(receiver: number, secrets: number, end: number, tolerance: number, verifies: boolean): number
  ask(question: number, receiver: number, headers: number, between: number, body: number, end: number, now: number): number
}

/** The questions that it answers. */
const enum Question {
  IsSigned,
  IsSignedEvent,
  IsUnsignedEvent,
  Key,
  Signature,
  /** This one is of the first secret, the next of the second, and so on. */
  BeforeBody,
}

type ReceiveCore = Core<ReceiveExports>

const receive = new Module<ReceiveExports>(module)

/** The receivers that are open, the first opened first: one more takes its place, so that no program fills the core. */
let open: Receiver[] = []
let openIn: ReceiveCore | undefined
const MOST_OPEN = 64

/** From so many bytes on, the host's hash beats ours on every host; measured, see the benchmark. */
const NATIVE_FROM = 1024

/** The bytes of a SHA-256. */
const HASH = 32

const decoder = new TextDecoder()
