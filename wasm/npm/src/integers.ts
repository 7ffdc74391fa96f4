/** Parses a sound body so that the integers at these places, first byte and the one behind it in turn, are `BigInt`s. */
export function parseExactly(body: Uint8Array, places: Uint32Array): unknown {
  let text = ''
  let at = 0
  places.forEach((place, i) => {
    text += decoder.decode(body.subarray(at, place)) + (i % 2 ? '"' : '"' + HALF)
    at = place
  })
  return JSON.parse(text + decoder.decode(body.subarray(at)), (_, value) =>
    typeof value === 'string' && value[0] === HALF ? BigInt(value.slice(1)) : value,
  )
}

/** The second half of a character: no string of a sound body begins with it. */
const HALF = '\udc00'

const decoder = new TextDecoder()
