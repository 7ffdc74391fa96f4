/**
 * For the tests of a program that receives webhooks: events, requests that bear them, and arbitraries of both.
 *
 * @module
 */
export { type Arbitraries, arbitraries, type History } from './testing/arbitraries.js'
export { type Overrides, turnstayEvent, turratechEvent } from './testing/events.js'
export { type SignedRequest, type SignedRequestOptions, signedRequest } from './testing/request.js'
