// The palette keeps its promises: contrast on every background it is used on, and service colours one can tell apart.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const css = readFileSync(resolve(import.meta.dirname, '../src/styles/tokens.css'), 'utf8')

function theme(selector: string, sheet = css): Record<string, string> {
  const block = sheet.slice(sheet.indexOf(`${selector} {`)).split('}')[0]!
  return Object.fromEntries([...block.matchAll(/--osp-([\w-]+):\s*(#[0-9a-f]{3,8})\b/g)].map((m) => [m[1]!, m[2]!]))
}

type Rgb = [number, number, number]
const channels = (hex: string): Rgb => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255) as Rgb
const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
const luminance = (hex: string) => channels(hex).map(linear).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i]!, 0)
const contrast = (a: string, b: string) => {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (hi + 0.05) / (lo + 0.05)
}
/** WCAG sees the tint over its background, not the tint. */
const over = (tint: string, base: string): string => {
  const alpha = parseInt(tint.slice(7, 9), 16) / 255
  return `#${channels(tint).map((c, i) => Math.round((c * alpha + channels(base)[i]! * (1 - alpha)) * 255).toString(16).padStart(2, '0')).join('')}`
}

function oklab(rgb: Rgb): Rgb {
  const [r, g, b] = rgb
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s]
}
/** How eyes see a colour of linear light: Machado, Oliveira and Fernandes 2009, severity 1. */
const SIGHT: { [sight: string]: number[] } = {
  'all cones': [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
}
const seen = (m: number[], rgb: Rgb) => [0, 3, 6].map((row) => Math.min(1, Math.max(0, rgb.reduce((sum, c, i) => sum + c * m[row + i]!, 0)))) as Rgb
const distance = (a: Rgb, b: Rgb) => Math.hypot(...a.map((x, i) => x - b[i]!)) * 100

describe.each([['dark', ':host'], ['light', ':host([data-theme="light"])']])('%s', (mode, selector) => {
  const t = theme(selector)
  const backgrounds = ['bg-0', 'bg-1', 'bg-2', 'bg-3']

  it.each(['tx-1', 'tx-2', 'tx-3', 'accent', 'err', 'warn', 'ok', 'info', 'k-key', 'k-str', 'k-num', 'k-fn', 'k-com'])('text in %s reads on every background', (name) => {
    for (const background of backgrounds) expect(contrast(t[name]!, t[background]!), `${name} on ${background}`).toBeGreaterThanOrEqual(4.5)
  })

  it.each([['err', 'err-bg'], ['warn', 'warn-bg'], ['ok', 'ok-bg'], ['accent', 'accent-bg']])('%s reads on %s', (text, tint) => {
    for (const base of ['bg-1', 'bg-2']) expect(contrast(t[text]!, over(t[tint]!, t[base]!)), `on ${base}`).toBeGreaterThanOrEqual(4.5)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('service colour %i stands out from its panel', (n) => {
    expect(contrast(t[`s${n}`]!, t['bg-1']!)).toBeGreaterThanOrEqual(mode === 'dark' ? 4.5 : 3)
  })

  it.each(Object.keys(SIGHT))('service colours can be told apart, and from errors, with %s', (sight) => {
    const colours = [...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => t[`s${n}`]!), t['err-solid']!].map((hex) => oklab(seen(SIGHT[sight]!, channels(hex).map(linear) as Rgb)))
    for (let i = 0; i < colours.length; i++) for (let j = 0; j < i; j++) expect(distance(colours[i]!, colours[j]!), `${i + 1} and ${j + 1}`).toBeGreaterThanOrEqual(11.5)
  })

  it('more contrast, where the system wants it: text to 7:1, the edges of controls to 3:1', () => {
    const more = { ...t, ...theme(selector, css.slice(css.indexOf('@media (prefers-contrast: more)'))) }
    expect(more['tx-3']).not.toBe(t['tx-3'])
    for (const background of backgrounds) {
      for (const name of ['tx-1', 'tx-2', 'tx-3']) expect(contrast(more[name]!, more[background]!), `${name} on ${background}`).toBeGreaterThanOrEqual(7)
      expect(contrast(more['line-2']!, more[background]!), `line-2 on ${background}`).toBeGreaterThanOrEqual(3)
    }
  })

  it('focus ring and marks are visible', () => {
    for (const name of ['accent', 'err-solid', 'crit']) expect(contrast(t[name]!, t['bg-1']!), name).toBeGreaterThanOrEqual(3)
  })
})
