/** Throws unless both are the same JSON, or the same primitive. */
export function same(actual, expected, what) {
  if (Object.is(actual, expected)) return
  const [a, e] = [text(actual), text(expected)]
  if (a !== e || typeof actual !== typeof expected) throw new Error(`${what}: ${a}, not ${e}`)
}

/**
 * Throws unless the call throws an error of this class, with this code; gives the error. The class stands in an object
 * under its name, because a bundle calls it otherwise.
 */
export function refusal(call, named, code) {
  const [[name, Class]] = Object.entries(named)
  try {
    call()
  } catch (error) {
    if (!(error instanceof Class) || !(error instanceof Error)) throw error
    same(error.name, name, 'name')
    same(error.code, code, 'code')
    if (!error.message) throw new Error('the error says nothing')
    return error
  }
  throw new Error(`not refused with ${code}`)
}

/** What came of a call: `ok`, or the code of its error, which must be of one of these classes. */
export function verdict(call, ...classes) {
  try {
    call()
    return 'ok'
  } catch (error) {
    if (!classes.some((Class) => error instanceof Class)) throw error
    return error.code
  }
}

const text = (value) => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value) ?? String(value))
