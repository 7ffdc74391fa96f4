// Pictures of the HTML report for the documents: `node screenshots.mjs FOLDER`.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { Browser } from './chromium.mjs'
import { check, folder } from './hookproof.mjs'
import { small } from './png.mjs'

const [into] = process.argv.slice(2)
if (!into) throw new Error('usage: node screenshots.mjs FOLDER')
mkdirSync(into, { recursive: true })
const place = folder()
const report = join(place.path, 'report.html')
const { status, err } = await check('--demo', 'no-dedupe', '--report', `html=${report}`)
if (status !== 1) throw new Error(err)

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
  ['report-light', { ...desk, colours: 'light' }, top],
  ['report-dark', { ...desk, colours: 'dark' }, top],
  ['report-check', { ...desk, height: 860, colours: 'light' }, withDelivery],
  ['report-phone', { ...phone, colours: 'light' }, top],
  ['report-phone-run', { ...phone, colours: 'dark' }, atRun],
  ['report-phone-check', { ...phone, colours: 'light' }, atCheck],
]
const browser = new Browser()
try {
  for (const [name, options, ready] of pictures) {
    const page = await browser.open(report, options)
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
