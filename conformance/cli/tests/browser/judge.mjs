// What is wrong with a page. Each function runs in the page and lists what it found; nothing is what one wants.

/** Texts with less contrast than WCAG 2.2 asks of them at level AA (1.4.3): 4.5, or 3 where they are large. */
export function faintTexts() {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data]
  }
  const behind = (element) => {
    for (let place = element; place; place = place.parentElement) {
      const [r, g, b, alpha] = rgba(getComputedStyle(place).backgroundColor)
      if (alpha === 255) return [r, g, b]
    }
    return [255, 255, 255]
  }
  const luminance = (colour) => {
    const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const faint = new Set()
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    if (!texts.currentNode.data.trim() || !element.checkVisibility() || element.closest('title')) continue
    const { color, fill, fontSize, fontWeight } = getComputedStyle(element)
    const [one, other] = [luminance(rgba(element.closest('svg') ? fill : color).slice(0, 3)), luminance(behind(element))]
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
    const size = parseFloat(fontSize)
    const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700)
    if (contrast < (isLarge ? 3 : 4.5)) faint.add(`${element.localName}.${element.getAttribute('class')}: ${contrast.toFixed(2)}`)
  }
  return [...faint]
}

/** What stands wider than the window, but for what scrolls within a block of code. */
export function sideways() {
  const width = document.documentElement.clientWidth
  const wide = [...document.body.querySelectorAll('*')].filter(
    (element) => element.checkVisibility() && !element.closest('pre pre, pre > *, svg > *, .unseen, .skip') && element.getBoundingClientRect().right > width + 0.5,
  )
  const found = wide.map((element) => `${element.localName}.${element.getAttribute('class')}`)
  if (document.documentElement.scrollWidth > width) found.push(`the page is ${document.documentElement.scrollWidth} wide`)
  return [...new Set(found)]
}

/** Controls and drawings without a name for who does not see them. */
export function nameless() {
  const text = (element) => (element?.textContent ?? '').trim()
  const named = {
    input: (input) => text(input.closest('label')) || text(document.querySelector(`label[for="${CSS.escape(input.id)}"]`)),
    button: text,
    a: text,
    summary: text,
    fieldset: (fieldset) => text(fieldset.querySelector('legend')),
    svg: (svg) => svg.getAttribute('role') === 'img' && svg.getAttribute('aria-label'),
  }
  return Object.entries(named).flatMap(([selector, name]) =>
    [...document.querySelectorAll(selector)].filter((element) => !name(element)).map((element) => element.outerHTML.slice(0, 120)),
  )
}
