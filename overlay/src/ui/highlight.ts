// Colours for code, as lists of tokens. One small module per language comes when it is first needed.
import { parse, type ParseOptions, type TokenType } from 'sugar-high/core'
import type { Token } from '../lib/language.ts'

const LANGUAGES: { [name: string]: () => Promise<unknown> } = {
  go: () => import('sugar-high/lang/go'),
  python: () => import('sugar-high/lang/python'),
  javascript: () => import('sugar-high/lang/javascript'),
  typescript: () => import('sugar-high/lang/typescript'),
  ruby: () => import('sugar-high/lang/ruby'),
  php: () => import('sugar-high/lang/php'),
  java: () => import('sugar-high/lang/java'),
  kotlin: () => import('sugar-high/lang/kotlin'),
  csharp: () => import('sugar-high/lang/csharp'),
  rust: () => import('sugar-high/lang/rust'),
  c: () => import('sugar-high/lang/c'),
  cpp: () => import('sugar-high/lang/cpp'),
  swift: () => import('sugar-high/lang/swift'),
  sql: () => import('sugar-high/lang/sql'),
}

const KINDS: { [type in TokenType]?: Token['kind'] } = { keyword: 'key', string: 'str', comment: 'com', entity: 'fn', jsxliterals: '' }

/** One list of tokens per line of the text; together they are exactly the text. */
export async function highlight(text: string, language: string): Promise<Token[][]> {
  const options = (await LANGUAGES[language]?.()) as ParseOptions | undefined
  const parsed = parse(text, options)
  return parsed.lines.map((line) => {
    const { tokens } = line
    return tokens.map((token, i) => ({ text: token.value, kind: kindOf(token.type, token.value, tokens[i + 1]?.value) }))
  })
}

function kindOf(type: TokenType, text: string, next: string | undefined): Token['kind'] {
  if (/^\d/.test(text)) return 'num'
  if ((type === 'identifier' || type === 'property') && next?.startsWith('(') === true) return 'fn'
  return KINDS[type] ?? ''
}
