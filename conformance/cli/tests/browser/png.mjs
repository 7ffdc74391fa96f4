// PNG files small enough for a repository: at most 256 colours, which a page of flat colours hardly exceeds.
// The format is that of ISO/IEC 15948.

import { deflateSync, inflateSync } from 'node:zlib'

/** The same picture with a palette. Takes what Chromium writes: eight bits a channel, with or without alpha, not interlaced. */
export function small(png) {
  const { width, height, channels, data } = read(png)
  const pixels = unfiltered(data, width, height, channels)
  const { palette, indices } = withPalette(pixels, channels)
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y += 1) indices.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function read(png) {
  const parts = []
  let header
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + length)
    if (type === 'IHDR') header = body
    if (type === 'IDAT') parts.push(body)
    at += length + 12
  }
  const [depth, colour, , , interlaced] = header.subarray(8)
  const channels = { 2: 3, 6: 4 }[colour]
  if (depth !== 8 || !channels || interlaced) throw new Error('a PNG of another kind than Chromium writes')
  return { width: header.readUInt32BE(0), height: header.readUInt32BE(4), channels, data: inflateSync(Buffer.concat(parts)) }
}

/** Undoes the prediction of each row (clause 9). */
function unfiltered(data, width, height, channels) {
  const stride = width * channels
  const pixels = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (stride + 1)]
    for (let x = 0; x < stride; x += 1) {
      const left = x < channels ? 0 : pixels[y * stride + x - channels]
      const up = y === 0 ? 0 : pixels[(y - 1) * stride + x]
      const corner = x < channels || y === 0 ? 0 : pixels[(y - 1) * stride + x - channels]
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]
      pixels[y * stride + x] = data[y * (stride + 1) + 1 + x] + predicted
    }
  }
  return pixels
}

function paeth(left, up, corner) {
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(left + up - corner - value))
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

/** The most frequent colours; the others become the nearest of them. */
function withPalette(pixels, channels) {
  const counts = new Map()
  for (let at = 0; at < pixels.length; at += channels) {
    const colour = pixels.readUIntBE(at, 3)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const kept = [...counts].sort(([, one], [, other]) => other - one).slice(0, 256).map(([colour]) => colour)
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]
  const known = new Map(kept.map((colour, index) => [colour, index]))
  const nearest = (colour) => {
    const [r, g, b] = parts(colour)
    const away = kept.map(parts).map(([r2, g2, b2]) => (r - r2) ** 2 + (g - g2) ** 2 + (b - b2) ** 2)
    return away.indexOf(Math.min(...away))
  }
  const indices = Buffer.alloc(pixels.length / channels)
  for (let pixel = 0; pixel < indices.length; pixel += 1) {
    const colour = pixels.readUIntBE(pixel * channels, 3)
    if (!known.has(colour)) known.set(colour, nearest(colour))
    indices[pixel] = known.get(colour)
  }
  return { palette: Buffer.from(kept.flatMap(parts)), indices }
}

function chunk(type, body) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const around = Buffer.alloc(8)
  around.writeUInt32BE(body.length, 0)
  around.writeUInt32BE(crc32(named), 4)
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)])
}

/** Annex D; `node:zlib` has one only since Node.js 20.15. */
function crc32(bytes) {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
