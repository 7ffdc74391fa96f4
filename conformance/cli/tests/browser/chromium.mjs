// Headless Chromium, spoken to over a pipe: no port, no package, no other machine.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A browser with an empty profile; `close` ends it. */
export class Browser {
  #process
  #profile = mkdtempSync(join(tmpdir(), 'hookproof-chromium-'))
  #issued = 0
  #waiting = new Map()
  #pages = new Map()
  #ended

  constructor() {
    const program = process.env.CHROMIUM ?? 'chromium'
    const flags = [...FLAGS, `--user-data-dir=${this.#profile}`, 'about:blank']
    this.#process = spawn(program, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
    this.#ended = new Promise((resolve) => this.#process.once('close', resolve))
    this.#ended.then(() => this.#giveUp(new Error('Chromium ended')))
    this.#process.once('error', (error) => this.#giveUp(error))
    let rest = Buffer.alloc(0)
    this.#process.stdio[4].on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes])
      for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0)) {
        this.#hear(JSON.parse(rest.subarray(0, end).toString('utf8')))
        rest = rest.subarray(end + 1)
      }
    })
  }

  /** Opens a file as a page of this size, in CSS pixels, with these colours (`light` or `dark`). */
  async open(file, { width = 1200, height = 900, scale = 1, colours = 'light', scripts = true } = {}) {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true })
    const page = new Page(this, sessionId, targetId)
    this.#pages.set(sessionId, page)
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`)
    const phone = width < 600
    await page.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: scale, mobile: phone })
    await page.emulate({ colours })
    if (!scripts) await page.send('Emulation.setScriptExecutionDisabled', { value: true })
    const loaded = page.once('Page.loadEventFired')
    await page.send('Page.navigate', { url: pathToFileURL(file).href })
    await loaded
    return page
  }

  send(method, params = {}, sessionId = undefined) {
    const id = (this.#issued += 1)
    this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, method }))
  }

  async close() {
    await this.send('Browser.close').catch(() => {})
    await this.#ended
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }

  #hear({ id, result, error, method, params, sessionId }) {
    if (id === undefined) return this.#pages.get(sessionId)?.hear(method, params)
    const { resolve, reject, method: asked } = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error) reject(new Error(`${asked}: ${error.message}`))
    else resolve(result)
  }

  #giveUp(error) {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}

/** A page, and everything that it complained of and asked for. */
class Page {
  complaints = []
  requests = []
  #browser
  #session
  #target
  #once = new Map()

  constructor(browser, session, target) {
    this.#browser = browser
    this.#session = session
    this.#target = target
  }

  send(method, params) {
    return this.#browser.send(method, params, this.#session)
  }

  once(method) {
    return new Promise((resolve) => this.#once.set(method, resolve))
  }

  hear(method, params) {
    this.#once.get(method)?.(params)
    this.#once.delete(method)
    if (method === 'Network.requestWillBeSent') this.requests.push(params.request.url)
    if (method === 'Runtime.exceptionThrown') this.complaints.push(params.exceptionDetails.exception?.description ?? 'an exception')
    if (method === 'Log.entryAdded') this.complaints.push(params.entry.text)
    if (method === 'Page.javascriptDialogOpening') this.complaints.push(`a dialog: ${params.message}`)
    if (method === 'Runtime.consoleAPICalled') this.complaints.push(params.args.map(({ value }) => value).join(' '))
  }

  /** What the function returns in the page, as JSON. */
  async evaluate(script, ...values) {
    const expression = `(${script})(...${JSON.stringify(values)})`
    const answer = await this.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? expression)
    return answer.result.value
  }

  /** Presses the mouse in the middle of the first element that fits. */
  async click(selector) {
    const middle = await this.evaluate((selector) => {
      const element = document.querySelector(selector)
      if (!element) throw new Error(`there is no ${selector}`)
      element.scrollIntoView({ block: 'center', behavior: 'instant' })
      const { x, y, width, height } = element.getBoundingClientRect()
      return { x: x + width / 2, y: y + height / 2 }
    }, selector)
    for (const type of ['mousePressed', 'mouseReleased']) {
      await this.send('Input.dispatchMouseEvent', { type, ...middle, button: 'left', clickCount: 1 })
    }
  }

  /** Presses a key: `Tab`, `Enter` or `Space`. */
  async press(name) {
    const [key, code, windowsVirtualKeyCode, text] = KEYS[name]
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, windowsVirtualKeyCode, text })
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, windowsVirtualKeyCode })
  }

  async type(text) {
    await this.send('Input.insertText', { text })
  }

  async emulate({ colours, media = '' }) {
    const features = [
      { name: 'prefers-color-scheme', value: colours },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]
    await this.send('Emulation.setEmulatedMedia', { media, features })
  }

  /** The PNG of what the window shows. */
  async screenshot() {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' })
    return Buffer.from(data, 'base64')
  }

  async close() {
    await this.#browser.send('Target.closeTarget', { targetId: this.#target })
  }
}

const KEYS = {
  Tab: ['Tab', 'Tab', 9, undefined],
  Enter: ['Enter', 'Enter', 13, '\r'],
  Space: [' ', 'Space', 32, ' '],
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--hide-scrollbars',
  '--remote-debugging-pipe',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]
