'use strict'
// Adds what a page cannot do by itself: colours by choice, filters, search, copying. It makes no markup and asks for nothing.

const colours = (() => {
  // A page that was opened as a file may have no storage; then the choice lasts as long as the page.
  const key = 'hookproof-colours'
  const kept = () => { try { return localStorage.getItem(key) } catch { return null } }
  const keep = (value) => { try { localStorage.setItem(key, value) } catch { /* not kept */ } }
  const show = (value) => {
    if (value === 'light' || value === 'dark') document.documentElement.dataset.colours = value
    else delete document.documentElement.dataset.colours
  }
  show(kept())
  return { kept, choose: (value) => { show(value); keep(value) } }
})()

document.addEventListener('DOMContentLoaded', () => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)]

  const choice = document.getElementById('colours')
  choice.hidden = false
  for (const input of all('input', choice)) {
    if (input.value === colours.kept()) input.checked = true
    input.addEventListener('change', () => colours.choose(input.value))
  }

  if (navigator.clipboard) {
    for (const button of all('.copy')) {
      button.hidden = false
      button.addEventListener('click', async () => {
        const text = document.getElementById(button.dataset.copy).textContent
        const done = await navigator.clipboard.writeText(text).then(() => true, () => false)
        button.textContent = done ? 'Copied' : 'Not copied'
        setTimeout(() => { button.textContent = 'Copy' }, 1500)
      })
    }
  }

  // Whatever is linked to is unfolded, with what it stands in.
  const reveal = (id) => {
    const target = document.getElementById(id)
    if (!target) return
    for (let place = target; place; place = place.parentElement) {
      place.hidden = false
      if (place.localName === 'details') place.open = true
    }
    target.scrollIntoView({ block: 'start' })
    if (target.localName === 'details') target.querySelector('summary').focus({ preventScroll: true })
  }
  const follow = () => reveal(decodeURIComponent(location.hash.slice(1)))
  addEventListener('hashchange', follow)
  if (location.hash.length > 1) follow()
  for (const line of all('.strip [data-check]')) {
    line.addEventListener('click', () => {
      const id = line.dataset.check
      if (location.hash === `#${id}`) reveal(id)
      else location.hash = id
    })
  }

  const form = document.getElementById('filters')
  if (!form) return
  form.hidden = false
  const checks = all('.check')
  const search = document.getElementById('search')
  const found = document.getElementById('found')
  const texts = new Map()
  const text = (check) => {
    // What is the same in every report finds nothing.
    const parts = ':scope > summary, .evidence, .exchanges'
    if (!texts.has(check)) texts.set(check, all(parts, check).map((part) => part.textContent).join(' ').toLowerCase())
    return texts.get(check)
  }
  const narrow = () => {
    const ticked = (name) => new Set(all(`input[name="${name}"]:checked`, form).map((input) => input.value))
    const groups = ['verdict', 'level', 'area'].map((name) => [name, ticked(name)])
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    const fits = (check) =>
      groups.every(([name, values]) => values.size === 0 || values.has(check.dataset[name])) &&
      words.every((word) => text(check).includes(word))
    let shown = 0
    for (const check of checks) {
      check.hidden = !fits(check)
      if (!check.hidden) shown += 1
    }
    for (const area of all('.area')) area.hidden = all('.check', area).every((check) => check.hidden)
    found.textContent = shown === checks.length ? `All ${shown} checks` : `${shown} of ${checks.length} checks`
  }
  form.addEventListener('input', narrow)
  form.addEventListener('submit', (event) => event.preventDefault())
  document.getElementById('show-all').addEventListener('click', () => { form.reset(); narrow() })
  narrow()
})
