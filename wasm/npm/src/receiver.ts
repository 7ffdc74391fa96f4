import module from 'wasm:receive'

import { bodyOf, type RawBody } from './body.js'
import { type Core, type CoreExports, Module } from './core.js'
import { EventFormatError, WebhookConfigError } from './errors.js'
import { linesOf, type RequestHeaders } from './headers.js'
import { hostHmac } from './hmac.js'
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
  #keys: Uint8Array[] | undefined

  /** @throws {WebhookConfigError} what is wrong with the configuration. */
  constructor(configuration: Configuration) {
    this.#configuration = configuration
    receive.use((core) => this.#opened(core))
  }

  /** Judges a signature at `now`, in Unix seconds. */
  verify(raw: RawBody, headers: RequestHeaders, now: number): void {
    const body = bodyOf(raw)
    const lines = this.#lines(headers)
    receive.use((core) => {
      const end = this.#begin(core, lines, body)
      const start = core.end
      if (start === end) core.append(body)
      core.answer(core.wasm.verify(this.#number, end, start, core.end, now))
    })
  }

  /** The event of a request whose signature is judged at `now`, in Unix seconds; it is not judged without. */
  event(raw: RawBody, headers: RequestHeaders, now?: number): unknown {
    const body = bodyOf(raw)
    const lines = this.#lines(headers)
    const isJudged = now !== undefined
    const hasWideIntegers = receive.use((core) => {
      const { wasm } = core
      const end = this.#begin(core, lines, isJudged ? body : undefined)
      const start = core.end
      core.append(body)
      return core.answer(
        isJudged ? wasm.receive(this.#number, end, start, core.end, now) : wasm.parse(this.#number, end, core.end),
      )
    })
    if (hasWideIntegers) return this.#eventWithWideIntegers(body, lines)
    return JSON.parse(typeof body === 'string' ? body : decoder.decode(body))
  }

  /** The key under which a request's event is claimed. */
  key(raw: RawBody, headers: RequestHeaders, endpoint: string): string {
    const body = bodyOf(raw)
    const lines = this.#lines(headers)
    return receive.use((core) => {
      const end = this.#begin(core, lines)
      core.append(endpoint)
      const start = core.end
      core.append(body)
      return core.text(core.answer(core.wasm.idempotency_key(this.#number, end, start, core.end)))
    })
  }

  /** The headers that sign a body, sent at `now`, in Unix seconds: a name before each value. */
  sign(raw: RawBody, id: string, now: number): string[] {
    const body = bodyOf(raw)
    return receive.use((core) => {
      this.#begin(core, [])
      core.append(id)
      const end = core.end
      core.append(body)
      return texts(core, core.wasm.sign(this.#number, end, core.end, now))
    })
  }

  #lines(headers: RequestHeaders): string[] {
    const [name, construction] = this.#configuration.provider
    if (typeof headers === 'string' && (construction ?? name)!.startsWith('standard')) {
      throw new WebhookConfigError('bad_headers', 'Standard Webhooks signs three headers: give them all')
    }
    return linesOf(headers, this.#names)
  }

  /** Writes the headers, and the host's MACs of a body that is worth it; where the headers end. */
  #begin(core: ReceiveCore, lines: string[], body?: string | Uint8Array): number {
    this.#opened(core)
    const { nativeFrom = NATIVE_FROM } = this.#configuration
    const hmac = body !== undefined && body.length >= nativeFrom && hostHmac()
    const keys = hmac ? this.#keysIn(core) : []
    for (const line of lines) core.field(line)
    const { end } = core
    if (hmac) {
      const before = core.view(end, end + core.answer(core.wasm.before_body(this.#number, end))).slice()
      for (const key of keys) core.append(hmac(key, before, body))
    }
    return end
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
    const names = texts(core, wasm.header_names(this.#number))
    this.#names = [...new Set(names.map((name) => name.toLowerCase()))]
    this.#core = core
    open.push(this)
    core.restart()
  }

  #close(): void {
    this.#core!.wasm.close(this.#number)
    this.#core = undefined
  }

  #keysIn(core: ReceiveCore): Uint8Array[] {
    if (!this.#keys) {
      const secretsEnd = this.#configure(core)
      this.#keys = core.list(core.answer(core.wasm.keys(secretsEnd, core.end)))
      core.wasm.wipe(core.end)
      core.restart()
    }
    return this.#keys
  }

  /** Writes the configuration; where its secrets end. */
  #configure(core: ReceiveCore): number {
    const { secrets = [], provider } = this.#configuration
    for (const secret of secrets) core.field(secret)
    const { end } = core
    for (const text of provider) core.field(text)
    return end
  }

  #eventWithWideIntegers(body: string | Uint8Array, lines: string[]): unknown {
    const places = receive.use((core) => {
      const end = this.#begin(core, lines)
      core.append(body)
      const length = core.answer(core.wasm.wide_integers(this.#number, end, core.end))
      return new Uint32Array(core.view(0, length).slice().buffer)
    })
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
  return core.list(core.answer(length)).map((text) => decoder.decode(text))
}

/** What the module exports: see `wasm/src/receiver.rs`. */
interface ReceiveExports extends CoreExports {
  open(secrets: number, end: number, tolerance: number, checksAge: boolean): number
  open_unverified(end: number): number
  close(receiver: number): void
  keys(secrets: number, end: number): number
  header_names(receiver: number): number
  verify(receiver: number, headers: number, macs: number, end: number, now: number): number
  receive(receiver: number, headers: number, macs: number, end: number, now: number): number
  parse(receiver: number, headers: number, end: number): number
  before_body(receiver: number, headers: number): number
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

/** From so many bytes on, the host's HMAC beats ours on every host; measured, see the benchmark. */
const NATIVE_FROM = 2048

const decoder = new TextDecoder()
