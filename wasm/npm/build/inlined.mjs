import { readFileSync } from 'node:fs'

/** The source of a file whose default export compiles a module of the core out of a text in it. */
export function inlined(name) {
  const bytes = readFileSync(new URL(`../core/${name}.wasm`, import.meta.url))
  return `
const text = ${JSON.stringify(written(bytes))}
export default () => {
  // In place: the module is shorter than its text. A loop over the text itself takes half as long again at a cold start.
  const bytes = new TextEncoder().encode(text)
  let length = 0
  for (let i = 0, end = bytes.length; i < end; i++) {
    const unit = bytes[i]
    bytes[length++] = (unit > 124 ? bytes[++i] + (unit - 124) * 93 : unit) - 32
  }
  return new WebAssembly.Module(bytes.subarray(0, length))
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
