// What Tailwind and we wrote, made fit for a shadow root: the same sheet must look the same whatever the host page does
// to its root font size, and must not need anything in the host document (overlay-spec.md 2.2, MUST-CSS-1).
import postcss, { type Root, type Rule } from 'postcss'
import type { Plugin } from 'vite'

/** A rem is what the browser's default root font size says, not what the host page makes of it. */
const PX_PER_REM = 16

const FORBIDDEN: { what: string; why: string; found: (css: string) => boolean }[] = [
  { what: 'rem', why: 'follows the font size of the host page', found: (css) => /(?<![\w-])-?[\d.]+rem\b/.test(css) },
  { what: '@property', why: 'is ignored inside a shadow root', found: (css) => css.includes('@property') },
  { what: ':root', why: 'matches nothing inside a shadow root', found: (css) => css.includes(':root') },
  { what: '@font-face', why: 'does not work inside a shadow root', found: (css) => css.includes('@font-face') },
  { what: '@import', why: 'does not work in a constructed style sheet', found: (css) => css.includes('@import') },
]

/** Returns the sheet for the shadow root; throws with every reason when something is left that cannot work there. */
export function gateCss(source: string): string {
  const root = postcss.parse(source)
  remToPx(root)
  dropPropertyRules(root)
  variablesOnHost(root)
  root.walkComments((comment) => void comment.remove())
  const css = root.toString()
  const problems = FORBIDDEN.filter((rule) => rule.found(css)).map((rule) => `${rule.what} ${rule.why}`)
  if (problems.length > 0) throw new Error(`CSS gate: ${problems.join('; ')}`)
  return css
}

function remToPx(root: Root): void {
  const convert = (text: string) =>
    text.replace(/(?<![\w-])(-?[\d.]+)rem\b/g, (_, n: string) => `${+(Number(n) * PX_PER_REM).toFixed(4)}px`)
  root.walkDecls((decl) => void (decl.value = convert(decl.value)))
  root.walkAtRules((rule) => void (rule.params = convert(rule.params)))
}

// Tailwind registers its variables with @property and falls back to a rule on * only where @property is unsupported, which
// a shadow root counts as. Thirty variables on every element and its pseudo elements are a third of all style work in a list
// that scrolls, so each gets its first value only where something reads it.
function dropPropertyRules(root: Root): void {
  const initial = new Map<string, string>()
  root.walkAtRules('property', (rule) => {
    let value = 'initial'
    rule.walkDecls('initial-value', (decl) => void (value = decl.value))
    initial.set(rule.params.trim(), value)
    rule.remove()
  })
  root.walkAtRules('layer', (rule) => {
    if (rule.params === 'properties' && rule.nodes !== undefined) rule.remove()
  })
  const readers = new Map<string, Set<string>>()
  root.walkDecls((decl) => {
    const { parent } = decl
    if (parent?.type !== 'rule') return
    for (const [, name] of decl.value.matchAll(/var\(\s*(--[\w-]+)/g)) {
      if (!initial.has(name!)) continue
      const selectors = readers.get(name!) ?? new Set()
      for (const selector of (parent as Rule).selectors) selectors.add(selector)
      readers.set(name!, selectors)
    }
  })
  const rules = new Map<string, Rule>()
  for (const [prop, selectors] of readers) {
    const selector = [...selectors].sort().join(',')
    const rule = rules.get(selector) ?? postcss.rule({ selector })
    rule.append(postcss.decl({ prop, value: initial.get(prop)! }))
    rules.set(selector, rule)
  }
  if (rules.size > 0) root.prepend(postcss.atRule({ name: 'layer', params: 'properties', nodes: [...rules.values()] }))
}

function variablesOnHost(root: Root): void {
  root.walkRules((rule) => {
    const kept = rule.selectors.filter((s) => s.trim() !== ':root' && !/^html\b/.test(s.trim()))
    if (kept.length === 0) rule.remove()
    else if (kept.length < rule.selectors.length) rule.selectors = kept
  })
}

/**
 * Questions for the width of the window become questions for that of the overlay, which in a host page is a part of it. The
 * element that holds the shadow root has to be a size container.
 */
export function askContainer(css: string): string {
  const root = postcss.parse(css)
  root.walkAtRules('media', (rule) => {
    if (!/\b(width|height)\b/.test(rule.params)) return
    rule.name = 'container'
    rule.walkDecls((decl) => void (decl.value = decl.value.replace(/([\d.])vw\b/g, '$1cqw').replace(/([\d.])vh\b/g, '$1cqh')))
  })
  return root.toString()
}

/** Vite plugin: every `*.css?inline` module goes through the gate, after Tailwind and minification. */
export function cssGate(options: { container?: (id: string) => boolean } = {}): Plugin {
  return {
    name: 'spotlight:css-gate',
    enforce: 'post',
    transform(code, id) {
      if (!id.endsWith('.css?inline')) return null
      const text = /export default (".*")/s.exec(code)?.[1]
      if (text === undefined) throw new Error(`CSS gate: cannot read ${id}`)
      const css = gateCss(JSON.parse(text) as string)
      return { code: `export default ${JSON.stringify(options.container?.(id) === true ? askContainer(css) : css)}`, map: null }
    },
  }
}
