// Pictures of the HTML reports for the documents: `node screenshots.mjs FOLDER`.

import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

import { Browser } from './chromium.mjs'
import { check, folder, hookproof } from './hookproof.mjs'
import { small } from './png.mjs'

const [into] = process.argv.slice(2)
if (!into) throw new Error('usage: node screenshots.mjs FOLDER')
mkdirSync(into, { recursive: true })
const place = folder()
const report = join(place.path, 'report.html')
const { status, err } = await check('--demo', 'no-dedupe', '--report', `html=${report}`)
if (status !== 1) throw new Error(err)
const rehearsal = join(place.path, 'rehearsal.html')
const faults = 'undelivered,answer-lost*2,twice,downstream-fails'
await demand(hookproof('rehearse', '--faults', faults, '--report', `html=${rehearsal}`))
const load = join(place.path, 'load.html')
await withStalls((url) => demand(hookproof('load', url, '--rate', '150', '--duration', '12s', '--report', `html=${load}`)))

const desk = { width: 1120, height: 1320 }
const phone = { width: 360, height: 740, scale: 2 }
const top = () => scrollTo({ top: 0, behavior: 'instant' })
const atCheck = () => document.getElementById('duplicate/sequential').scrollIntoView({ behavior: 'instant' })
const atRun = () => document.querySelector('.timeline').scrollIntoView({ behavior: 'instant' })
const withDelivery = () => {
  const check = document.getElementById('duplicate/sequential')
  check.querySelector('.exchanges').open = true
  check.querySelectorAll('.exchange')[1].open = true
  check.scrollIntoView({ behavior: 'instant' })
}
const pictures = [
  ['rehearsal-light', { ...desk, height: 1010, colours: 'light' }, top, rehearsal],
  ['rehearsal-dark', { ...desk, height: 1010, colours: 'dark' }, top, rehearsal],
  ['load-light', { ...desk, height: 1010, colours: 'light' }, top, load],
  ['load-dark', { ...desk, height: 1010, colours: 'dark' }, top, load],
  ['report-light', { ...desk, colours: 'light' }, top],
  ['report-dark', { ...desk, colours: 'dark' }, top],
  ['report-check', { ...desk, height: 860, colours: 'light' }, withDelivery],
  ['report-phone', { ...phone, colours: 'light' }, top],
  ['report-phone-run', { ...phone, colours: 'dark' }, atRun],
  ['report-phone-check', { ...phone, colours: 'light' }, atCheck],
]
const browser = new Browser()
try {
  for (const [name, options, ready, of = report] of pictures) {
    const page = await browser.open(of, options)
    await page.evaluate(ready)
    const png = small(await page.screenshot())
    writeFileSync(join(into, `${name}.png`), png)
    console.log(`${name}.png: ${Math.round(png.length / 1024)} KiB`)
    await page.close()
  }
} finally {
  await browser.close()
  place.remove()
}

async function demand(run) {
  const { status, err } = await run
  if (status !== 0) throw new Error(err)
}

/** An endpoint that is quick, and holds every answer back in the last second of four. */
async function withStalls(use) {
  const began = Date.now()
  const server = createServer((request, response) => {
    const inTurn = (Date.now() - began) % 4000
    request.resume().once('end', () => setTimeout(() => response.end(), inTurn < 3000 ? 20 : 4000 - inTurn))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await use(`http://127.0.0.1:${server.address().port}/webhooks`)
  } finally {
    server.close()
  }
}
