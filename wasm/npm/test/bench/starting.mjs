// One program that starts: imports a package, verifies an event, and tells how many nanoseconds that took. A file like a
// server's, because for text on the command line Node loads a loader more.
//
// node starting.mjs PACKAGE BODY HEADER SECRET

const [name, ...request] = process.argv.slice(2)
const PACKAGES = {
  hookproof: async () => import('../../dist/esm/index.js'),
  stripe: async () => new (await import('stripe')).default('no-api-call-is-made').webhooks,
}

const start = process.hrtime.bigint()
const webhooks = await PACKAGES[name]()
webhooks.constructEvent(...request)
console.log(Number(process.hrtime.bigint() - start))
