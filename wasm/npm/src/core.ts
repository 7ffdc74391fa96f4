import { EventFormatError, WebhookConfigError, WebhookVerificationError } from './errors.js'

/** What every module of the core exports. Lengths and places are in bytes. */
export interface CoreExports {
  readonly memory: WebAssembly.Memory
  /** Makes the buffer hold at least so many bytes; its address. Its bytes are lost where it grows. */
  buffer(length: number): number
  failure_code(): number
  failure_message(): number
  wipe(length: number): void
}

/** An instance of a module of the core, and the buffer through which it is spoken to. */
export class Core<Exports extends CoreExports> {
  readonly wasm: Exports
  /** How much of the buffer is written. */
  end = 0
  #memory = new Uint8Array()
  #address = 0
  #capacity = 0

  constructor(module: WebAssembly.Module) {
    this.wasm = new WebAssembly.Instance(module).exports as unknown as Exports
  }

  /** Begins at the buffer's beginning again. */
  restart(): void {
    this.#room((this.end = 0))
  }

  /** Adds bytes, or a text in UTF-8. */
  append(data: string | Uint8Array): void {
    this.#room(data.length)
    if (typeof data !== 'string') {
      this.#memory.set(data, this.#address + this.end)
      this.end += data.length
    } else if (data.length > SHORT || !this.#appendAscii(data)) {
      let { read, written } = this.#encode(data)
      if (read < data.length) {
        this.#room(data.length * 3)
        written = this.#encode(data).written
      }
      this.end += written
    }
  }

  /** Adds a field of a list: its length in four bytes, the lowest first, and its text. */
  field(text: string): void {
    this.#room(4)
    const start = (this.end += 4)
    this.append(text)
    for (let i = 0, length = this.end - start; i < 4; i++, length >>= 8) this.#memory[this.#address + start - 4 + i] = length
  }

  /** The answer of a call, unless it is the number of a failure: then that failure is thrown. */
  answer(number: number): number {
    if (number < 0) {
      const code = this.text(this.wasm.failure_code()) as never
      const Failure = [WebhookVerificationError, WebhookConfigError, EventFormatError][-1 - number]!
      throw new Failure(code, this.text(this.wasm.failure_message()))
    }
    return number
  }

  /** The bytes in this part of the buffer: a view that holds until the next call. */
  view(start: number, end: number): Uint8Array<ArrayBuffer> {
    this.#look()
    return this.#memory.subarray(this.#address + start, this.#address + end)
  }

  /** The text in so many bytes at the buffer's beginning, or between two places. */
  text(end: number, start = 0): string {
    return decoder.decode(this.view(start, end))
  }

  /** The fields of the list in so many bytes at the buffer's beginning. Copies. */
  list(length: number): Uint8Array<ArrayBuffer>[] {
    const bytes = this.view(0, length)
    const fields = []
    for (let at = 0; at < length; ) {
      const start = at + 4
      at = start + new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0, true)
      fields.push(bytes.slice(start, at))
    }
    return fields
  }

  /** Makes room for so many bytes behind what is written. */
  #room(length: number): void {
    this.#look()
    const needed = this.end + length
    if (needed > this.#capacity) {
      const written = this.#memory.slice(this.#address, this.#address + this.end)
      this.wasm.buffer((this.#capacity = needed))
      this.#look()
      this.#memory.set(written, this.#address)
    }
  }

  /** A call may have moved the buffer, or replaced the memory when it grew. */
  #look(): void {
    this.#address = this.wasm.buffer(0) >>> 0
    const { buffer } = this.wasm.memory
    if (this.#memory.buffer !== buffer) this.#memory = new Uint8Array(buffer)
  }

  #encode(text: string) {
    return encoder.encodeInto(text, this.#memory.subarray(this.#address + this.end, this.#address + this.#capacity))
  }

  /** For short texts this loop beats the encoder. False, and nothing added, where it is not all ASCII. */
  #appendAscii(text: string): boolean {
    const start = this.#address + this.end
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 127) return false
      this.#memory[start + i] = unit
    }
    this.end += text.length
    return true
  }
}

/** A module of the core, instantiated when it is first used, and anew after it broke. */
export class Module<Exports extends CoreExports> {
  #module: () => WebAssembly.Module
  #core: Core<Exports> | undefined

  constructor(module: () => WebAssembly.Module) {
    this.#module = module
  }

  /**
   * Does some work with the module's instance.
   *
   * A trap leaves an instance in no state to go on from, so it is dropped, and the next work has a new one.
   */
  use<Result>(work: (core: Core<Exports>) => Result): Result {
    const core = (this.#core ??= new Core(this.#module()))
    try {
      core.restart()
      return work(core)
    } catch (error) {
      if ((error as { code?: unknown }).code) throw error
      this.#core = undefined
      throw new WebhookConfigError('internal', 'the WebAssembly instance broke; the next call has a new one', { cause: error })
    }
  }
}

/** Texts of up to so many UTF-16 units are written without the encoder. */
const SHORT = 128

const encoder = new TextEncoder()
const decoder = new TextDecoder()
