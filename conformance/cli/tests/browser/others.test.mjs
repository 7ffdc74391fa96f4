// The pages of a rehearsal, of a load and of a fleet: readable by everybody, and nobody else's business.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { Browser } from './chromium.mjs'
import { check, folder, hookproof } from './hookproof.mjs'
import { faintTexts, nameless, sideways } from './judge.mjs'

const place = folder()
const page = (name) => join(place.path, `${name}.html`)
const server = createServer(answer)
let browser

before(async () => {
  browser = new Browser()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}/${encodeURIComponent('<img src=x onerror=alert(1)>')}`
  const faults = 'undelivered,answer-lost,twice,downstream-fails'
  const list = join(place.path, 'list.toml')
  writeFileSync(list, ['shop-a', 'shop-b'].map((name) => `[[target]]\nname = "${name}"\nurl = "${url}/${name}"\n`).join('\n'))
  const [rehearsal, load, fleet] = await Promise.all([
    hookproof('rehearse', '--faults', faults, '--report', `html=${page('rehearsal')}`),
    hookproof('load', url, '--count', '60', '--connections', '4', '--report', `html=${page('load')}`),
    check('--targets', list, '--only', 'acknowledge/*', '--report', `html=${page('fleet')}`),
  ])
  assert.equal(rehearsal.status, 0, rehearsal.err)
  assert.equal(load.status, 1, load.err)
  assert.equal(fleet.status, 1, fleet.err)
})

after(async () => {
  server.close()
  server.closeAllConnections()
  await browser.close()
  place.remove()
})

/** Refuses every third delivery at each address, and all at the shops, with words that would be markup. */
const served = new Map()
function answer(request, response) {
  const place = (served.get(request.url) ?? 0) + 1
  served.set(request.url, place)
  const status = place % 3 && !request.url.includes('/shop-') ? 200 : 500
  request.resume().once('end', () => response.writeHead(status, { 'x-odd': '<svg/onload=alert(2)>' }).end('</script><img src=x onerror=alert(3)>'))
}

const opened = () => {
  for (const details of document.querySelectorAll('details')) details.open = true
}

for (const [name, says] of [
  ['rehearsal', /one effect/],
  ['load', /^66\.66 % acknowledged$/],
  ['fleet', /^0 of 2 targets hold$/],
]) {
  test(`the page of a ${name} says what it came to, asks for nothing, and runs nothing of an endpoint's`, async () => {
    const shown = await browser.open(page(name), {})
    assert.match(await shown.evaluate(() => document.querySelector('h1').textContent), says)
    await shown.evaluate(opened)
    assert.equal(await shown.evaluate(() => document.querySelectorAll('img, iframe, object, embed, base, [onerror], [onload]').length), 0)
    assert.deepEqual(await shown.evaluate(nameless), [])
    assert.deepEqual(shown.complaints, [])
    assert.equal(shown.requests.filter((url) => !url.startsWith('data:')).length, 1, shown.requests.join('\n'))
    await shown.close()
  })

  for (const colours of ['light', 'dark']) {
    test(`the page of a ${name} is read on a phone in ${colours} colours`, async () => {
      const shown = await browser.open(page(name), { colours, width: 360, height: 740 })
      await shown.evaluate(opened)
      assert.deepEqual(await shown.evaluate(sideways), [])
      assert.deepEqual(await shown.evaluate(faintTexts), [])
      await shown.close()
    })
  }
}
