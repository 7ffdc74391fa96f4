import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** The source of a file whose default export compiles a module of the core out of a text in it. */
export function inlined(name) {
  const text = written(readFileSync(here(`../core/${name}.wasm`)))
  return `
const text = ${JSON.stringify(text)}
// Reads the text: in JavaScript, which is interpreted until it is hot, that takes longer than all the rest of a start.
const reader = Uint8Array.of(${reader(text.length)})
export default () => {
  const { memory, read } = new WebAssembly.Instance(new WebAssembly.Module(reader)).exports
  const bytes = new Uint8Array(memory.buffer)
  return new WebAssembly.Module(bytes.subarray(0, read(new TextEncoder().encodeInto(text, bytes).written)))
}`
}

/**
 * Bytes as printable ASCII: one character for each of the frequent ones, which are small, and two, the first one of `}~`,
 * for the others.
 *
 * Compressed it is as small as the bytes themselves, where base64 is a third larger: base64 spreads a byte over two
 * characters, and gzip finds no byte again. And no bundler rewrites it, whatever encoding a page is served in.
 */
export function written(bytes) {
  let text = ''
  for (const byte of bytes) {
    const unit = byte + 32
    text += unit < 125 ? chr(unit) : unit < 218 ? '}' + chr(unit - 93) : '~' + chr(unit - 186)
  }
  return text
}

const chr = String.fromCharCode

/** A module that reads such a text of so many characters in its memory, in place: the bytes are fewer. */
function reader(length) {
  const source = `(module
    (memory (export "memory") ${Math.ceil(length / PAGE)})
    (func (export "read") (param $end i32) (result i32)
      (local $at i32) (local $unit i32) (local $length i32)
      (loop $next
        (local.set $unit (i32.load8_u (local.get $at)))
        (if (i32.gt_u (local.get $unit) (i32.const 124))
          (then
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (local.set $unit (i32.add
              (i32.mul (i32.sub (local.get $unit) (i32.const 124)) (i32.const 93))
              (i32.load8_u (local.get $at))))))
        (i32.store8 (local.get $length) (i32.sub (local.get $unit) (i32.const 32)))
        (local.set $length (i32.add (local.get $length) (i32.const 1)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
      (local.get $length)))`
  return [...execFileSync(here('../node_modules/.bin/wasm-opt'), ['-', '-Oz', '--output', '-'], { input: source })]
}

const PAGE = 65_536
