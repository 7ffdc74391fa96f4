import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { Browser } from './chromium.mjs'
import { folder } from './hookproof.mjs'
import { small } from './png.mjs'

test('a picture with a palette shows the same, and takes less room', async () => {
  const place = folder()
  const browser = new Browser()
  try {
    const file = join(place.path, 'page.html')
    writeFileSync(file, '<!doctype html><body style="background: #123456; color: #fedcba"><h1>Hookproof</h1>')
    const page = await browser.open(file, { width: 700, height: 300 })
    const png = await page.screenshot()
    const pictures = [png, small(png)].map((bytes) => `data:image/png;base64,${bytes.toString('base64')}`)
    assert.ok(pictures[1].length < pictures[0].length)
    // The browser's own decoder is the judge.
    const away = await page.evaluate(async (...pictures) => {
      const [one, other] = await Promise.all(
        pictures.map(async (url) => {
          const picture = new Image()
          picture.src = url
          await picture.decode()
          const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d')
          canvas.drawImage(picture, 0, 0)
          return canvas.getImageData(0, 0, picture.width, picture.height).data
        }),
      )
      return one.length === other.length ? one.reduce((most, part, at) => Math.max(most, Math.abs(part - other[at])), 0) : Infinity
    }, ...pictures)
    assert.equal(away, 0)
  } finally {
    await browser.close()
    place.remove()
  }
})
