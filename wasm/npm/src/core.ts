import { EventFormatError, WebhookConfigError, WebhookVerificationError } from './errors.js'
import { type HostBytes, hostBytes } from './host.js'

/** What every module of the core exports. Lengths and places are in bytes. */
export interface CoreExports {
  readonly memory: WebAssembly.Memory
  /** Makes the buffer hold at least so many bytes; its address. */
  buffer(length: number): number
}

/** An instance of a module of the core, and the buffer through which it is spoken to. */
export class Core<Exports extends CoreExports> {
  readonly wasm: Exports
  /** How much of the buffer is written. */
  end = 0
  #memory = new Uint8Array()
  #host: HostBytes | null = null
  #address = 0
  #length = 0

  constructor(module: WebAssembly.Module) {
    this.wasm = new WebAssembly.Instance(module).exports as unknown as Exports
  }

  /** Begins at the buffer's beginning again. */
  restart(): void {
    this.end = 0
    this.#look()
  }

  /** Adds bytes, or a text in UTF-8. */
  append(data: string | Uint8Array): void {
    const { length } = data
    if (typeof data !== 'string') {
      const start = this.#room(length)
      return this.#memory.set(data, start)
    }
    // UTF-8 has at most three bytes for a UTF-16 unit.
    const room = length * 3
    const start = this.#room(room)
    let written = 0
    if (this.#host && length >= SHORT) {
      written = this.#host.utf8Write(data, start, room)
    } else if (length < LONG) {
      const memory = this.#memory
      for (let unit; written < length && (unit = data.charCodeAt(written)) < 128; ) memory[start + written++] = unit
    }
    if (written < length) ({ written } = encoder.encodeInto(data, this.#memory.subarray(start)))
    this.end += written - room
  }

  /** Leaves room for so many bytes. */
  skip(length: number): void {
    this.#room(length)
  }

  /** Writes bytes, which are the units of a string, over what is written. */
  put(at: number, bytes: string): void {
    for (let i = 0; i < bytes.length; i++) this.#memory[this.#address + at + i] = bytes.charCodeAt(i)
  }

  /** Adds a field of a list: its length in four bytes, the lowest first, and its text. */
  field(text: string): void {
    this.#room(4)
    const start = this.end
    this.append(text)
    const length = this.end - start
    for (let i = 0; i < 4; i++) this.#memory[this.#address + start - 4 + i] = length >> (8 * i)
  }

  /** The answer of a call, unless it is the number of a failure: then that failure is thrown. */
  answer(number: number): number {
    this.#look()
    if (number >= 0) return number
    // The kind in the two lowest bits, the length of the text in the others.
    const text = this.text(-number >> 2)
    const Failure = [WebhookVerificationError, WebhookConfigError, EventFormatError][(-number & 3) - 1]!
    const end = text.indexOf(' ')
    throw new Failure(text.slice(0, end) as never, text.slice(end + 1))
  }

  /** The bytes between two places of the buffer: a view that holds until the next call. */
  view(start: number, end: number): Uint8Array<ArrayBuffer> {
    this.#look()
    return this.#memory.subarray(this.#address + start, this.#address + end)
  }

  /** The text in so many bytes at the buffer's beginning. */
  text(length: number): string {
    return decoder.decode(this.view(0, length))
  }

  /** The texts of the list in so many bytes at the buffer's beginning. */
  list(length: number): string[] {
    const bytes = this.view(0, length)
    const lengths = new DataView(bytes.buffer, bytes.byteOffset)
    const texts = []
    for (let at = 0; at < length; ) {
      const start = at + 4
      texts.push(decoder.decode(bytes.subarray(start, (at = start + lengths.getUint32(at, true)))))
    }
    return texts
  }

  /** Takes so many bytes behind what is written; their address. */
  #room(length: number): number {
    const start = this.end
    if ((this.end += length) > this.#length) this.#look((this.#length = this.end))
    return this.#address + start
  }

  /** A call may have moved the buffer, or replaced the memory when it grew. */
  #look(length = 0): void {
    this.#address = this.wasm.buffer(length) >>> 0
    // Where the memory grew, nothing is left in its old view.
    if (!this.#memory.length) {
      const { buffer } = this.wasm.memory
      this.#memory = new Uint8Array(buffer)
      this.#host = hostBytes(buffer)
    }
  }
}

/** A module of the core, instantiated when it is first used, and anew after it broke. */
export class Module<Exports extends CoreExports> {
  readonly #module: () => WebAssembly.Module
  #core: Core<Exports> | undefined

  constructor(module: () => WebAssembly.Module) {
    this.#module = module
  }

  /**
   * Does some work with the module's instance, at the beginning of its buffer.
   *
   * A trap leaves an instance in no state to go on from, so it is dropped, and the next work has a new one.
   */
  use<Result>(work: (core: Core<Exports>) => Result): Result {
    const core = (this.#core ??= new Core(this.#module()))
    try {
      core.restart()
      return work(core)
    } catch (cause) {
      if ((cause as { code?: unknown }).code) throw cause
      this.#core = undefined
      throw new WebhookConfigError('internal', 'the WebAssembly instance broke; the next call has a new one', { cause })
    }
  }
}

/** An ASCII text of fewer UTF-16 units is written faster by a loop than by the host. */
const SHORT = 32

/** And one of fewer than these than by a `TextEncoder`. */
const LONG = 128

const encoder = new TextEncoder()
const decoder = new TextDecoder()
