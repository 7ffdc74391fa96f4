// The HTML report as its readers meet it: opened in a browser, clicked, searched, without script, on a phone, printed.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { Browser } from './chromium.mjs'
import { check, folder } from './hookproof.mjs'
import { faintTexts, nameless, sideways } from './judge.mjs'

const place = folder()
const report = join(place.path, 'report.html')
const bitten = join(place.path, 'bitten.html')
let browser

before(async () => {
  browser = new Browser()
  const only = 'acknowledge/*,signature/rejects-forged,signature/refusal-status,duplicate/sequential,duplicate/concurrent,duplicate/lost-answer,tls/*'
  const [demo, hostile] = await Promise.all([
    check('--demo', 'no-dedupe', '--only', only, '--report', `html=${report}`),
    checkHostile(),
  ])
  assert.equal(demo.status, 1, demo.err)
  assert.match(hostile.err, /the report is in/)
})

after(async () => {
  await browser.close()
  place.remove()
})

/** Every page of this file: nothing is asked for beyond it, and nothing is complained of. */
async function withPage(options, use, file = report) {
  const page = await browser.open(file, options)
  await use(page)
  assert.deepEqual(page.complaints, [])
  assert.deepEqual(page.requests.filter((url) => !url.startsWith('data:')).length, 1, page.requests.join('\n'))
  await page.close()
}

const shown = (page) => page.evaluate(() => [...document.querySelectorAll('.check')].filter((check) => check.checkVisibility()).map(({ id }) => id))
const found = (page) => page.evaluate(() => document.getElementById('found').textContent)

test('what fails is named first and leads to its evidence', () =>
  withPage({}, async (page) => {
    assert.match(await page.evaluate(() => document.querySelector('h1').textContent), /^\d+ of \d+ MUSTs fail$/)
    const [link] = await page.evaluate(() => [...document.querySelectorAll('.mend a')].map((link) => link.hash.slice(1)))
    await page.evaluate((id) => (document.getElementById(id).open = false), link)
    await page.click('.mend a')
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    assert.ok(await page.evaluate((id) => document.getElementById(id).open, link))
    assert.equal(await page.evaluate(() => document.activeElement.parentElement.id), link)
  }))

test('filters and search narrow what is shown, and say how many there are', () =>
  withPage({}, async (page) => {
    const all = await shown(page)
    assert.equal(await found(page), `All ${all.length} checks`)
    await page.click('input[value="fail"]')
    const failed = await shown(page)
    assert.ok(failed.length > 1 && failed.every((id) => id.startsWith('duplicate/')), failed.join())
    assert.equal(await found(page), `${failed.length} of ${all.length} checks`)
    await page.click('input[value="pass"]')
    assert.ok((await shown(page)).length > failed.length)
    await page.click('input[value="pass"]')
    await page.click('input[name="area"][value="acknowledge"]')
    assert.deepEqual(await shown(page), [])
    await page.click('#show-all')
    assert.deepEqual(await shown(page), all)
    await page.click('input[value="SHOULD"]')
    assert.ok((await page.evaluate(() => [...document.querySelectorAll('.check:not([hidden])')].map(({ dataset }) => dataset.level))).every((level) => level === 'SHOULD'))
    await page.click('#show-all')
    await page.click('#search')
    await page.type('LOST again')
    assert.deepEqual(await shown(page), ['duplicate/lost-answer'])
    assert.deepEqual(
      await page.evaluate(() => [...document.querySelectorAll('.area:not([hidden])')].map(({ dataset }) => dataset.area)),
      ['duplicate'],
    )
  }))

test('a check opens, and so does each of its deliveries', () =>
  withPage({}, async (page) => {
    const within = '#acknowledge\\/success-status'
    const visible = (part) => page.evaluate((selector) => document.querySelector(selector).checkVisibility(), `${within} ${part}`)
    assert.equal(await visible('.evidence'), false)
    await page.click(`${within} > summary`)
    assert.ok(await visible('.evidence'))
    await page.click(`${within} .exchanges > summary`)
    await page.click(`${within} .exchange > summary`)
    assert.ok(await visible('.message'))
    const [request, answer] = await page.evaluate((selector) => [...document.querySelectorAll(selector)].map((pre) => pre.textContent), `${within} .message`)
    assert.match(request, /turratech-signature: t=\d+,v1=<redacted>\n[^]*"type":"payment\.succeeded"/)
    assert.match(answer, /^200\n[^]*\nok$/)
    await page.click(`${within} .explain > summary`)
    assert.ok(await visible('.prose pre'))
  }))

test('a delivery on the timeline leads to its check', () =>
  withPage({}, async (page) => {
    await page.click('.strip [data-check="acknowledge/success-status"]')
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    assert.ok(await page.evaluate(() => document.getElementById('acknowledge/success-status').open))
  }))

test('everything can be done with the keyboard', () =>
  withPage({}, async (page) => {
    const focus = () => page.evaluate(() => document.activeElement.outerHTML.slice(0, 60))
    await page.press('Tab')
    assert.match(await focus(), /class="skip"/)
    await page.press('Enter')
    for (let presses = 0; presses < 40 && !(await focus()).includes('value="pass"'); presses += 1) await page.press('Tab')
    await page.press('Space')
    assert.ok((await shown(page)).every((id) => !id.startsWith('duplicate/s')))
    for (let presses = 0; presses < 40 && !(await focus()).startsWith('<summary'); presses += 1) await page.press('Tab')
    const isOpen = () => page.evaluate(() => document.activeElement.parentElement.open)
    assert.equal(await isOpen(), false)
    await page.press('Enter')
    assert.equal(await isOpen(), true)
  }))

for (const colours of ['light', 'dark']) {
  test(`every text can be read in ${colours} colours`, () =>
    withPage({ colours }, async (page) => {
      await page.evaluate(() => { for (const details of document.querySelectorAll('details')) details.open = true })
      assert.deepEqual(await page.evaluate(faintTexts), [])
    }))
}

test('colours follow the system until they are chosen', () =>
  withPage({ colours: 'dark' }, async (page) => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const dark = await paper()
    await page.emulate({ colours: 'light' })
    const light = await paper()
    assert.notEqual(dark, light)
    await page.click('#colours input[value="dark"]')
    assert.equal(await paper(), dark)
    await page.click('#colours input[value="system"]')
    assert.equal(await paper(), light)
  }))

for (const [name, file] of [['of a run', () => report], ['of an endpoint that bites', () => bitten]]) {
  test(`the page ${name} fits a phone of 360 pixels with everything open`, () =>
    withPage({ width: 360, height: 740 }, async (page) => {
      assert.deepEqual(await page.evaluate(sideways), [])
      await page.evaluate(() => { for (const details of document.querySelectorAll('details')) details.open = true })
      assert.deepEqual(await page.evaluate(sideways), [])
    }, file()))
}

test('whatever can be worked or is drawn has a name', () =>
  withPage({}, async (page) => assert.deepEqual(await page.evaluate(nameless), [])))

test('without a script the page is read, and offers nothing that does not work', () =>
  withPage({ scripts: false }, async (page) => {
    const { root } = await page.send('DOM.getDocument')
    const find = async (selector) => (await page.send('DOM.querySelector', { nodeId: root.nodeId, selector })).nodeId
    const box = async (selector) => page.send('DOM.getBoxModel', { nodeId: await find(selector) }).then(({ model }) => model, () => null)
    for (const selector of ['#filters', '#colours', '.copy']) assert.equal(await box(selector), null, selector)
    const check = '#acknowledge\\/success-status'
    const { height } = await box(check)
    await page.send('DOM.scrollIntoViewIfNeeded', { nodeId: await find(check) })
    const [x, y] = (await box(`${check} > summary`)).content
    for (const type of ['mousePressed', 'mouseReleased']) {
      await page.send('Input.dispatchMouseEvent', { type, x: x + 20, y: y + 5, button: 'left', clickCount: 1 })
    }
    assert.ok((await box(check)).height > height + 50)
  }))

test('on paper there is nothing to press, and what was open', () =>
  withPage({}, async (page) => {
    await page.emulate({ colours: 'dark', media: 'print' })
    const isShown = (selector) => page.evaluate((selector) => document.querySelector(selector).checkVisibility(), selector)
    for (const selector of ['#filters', '#colours', '.copy']) assert.equal(await isShown(selector), false, selector)
    assert.ok(await isShown('[data-verdict="fail"] .evidence'))
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)')
    assert.ok((await page.send('Page.printToPDF', {})).data.length > 10_000)
  }))

test('what an endpoint says runs nothing and hides nothing', () =>
  withPage({}, async (page) => {
    await page.evaluate(() => { for (const details of document.querySelectorAll('details')) details.open = true })
    const { elements, text, handlers } = await page.evaluate(() => ({
      elements: document.querySelectorAll('img, iframe, object, embed, base, script:not(head > script), style:not(head > style)').length,
      handlers: [...document.querySelectorAll('*')].flatMap((element) => [...element.attributes]).filter(({ name }) => name.startsWith('on')).length,
      text: document.querySelector('main').innerText,
    }))
    assert.deepEqual({ elements, handlers }, { elements: 0, handlers: 0 })
    assert.ok(text.includes('</script><img src=x onerror=alert(1)>\\u{202e}\\u{1b}]0;x\\u{7}'), text.slice(0, 3000))
    assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f]/u)
  }, bitten))

/** C27 and C28: an endpoint whose answers are made to run, to hide and to turn. */
async function checkHostile() {
  const bite = Buffer.concat([
    Buffer.from([0xff, 0xfe]),
    Buffer.from('</script><img src=x onerror=alert(1)>\u202e\u001b]0;x\u0007]]>-->\u0000\u200b'),
    Buffer.from('W'.repeat(3_000)),
  ])
  const server = createServer((request, response) => {
    request.resume()
    request.once('end', () => response.writeHead(500, { 'x-odd': '<svg/onload=alert(2)>', location: `javascript:alert(3)//${'y'.repeat(500)}` }).end(bite))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}/${encodeURIComponent('<script>alert(4)</script>')}/${'z'.repeat(300)}`
  try {
    return await check(url, '--only', 'acknowledge/success-status,acknowledge/no-redirect,http/survives', '--report', `html=${bitten}`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}
