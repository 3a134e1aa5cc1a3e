import { useEffect, useState } from 'preact/hooks'
import type { CodeLine } from '../lib/frames.ts'
import { languageOf, type Token } from '../lib/language.ts'

type Highlighter = (text: string, language: string) => Promise<Token[][]>

/** Lines of source with the culprit tinted. Colours come with a chunk of their own, after the text. */
export function Code({ lines, file, platform }: {
  lines: readonly CodeLine[]
  file: string
  platform: string | undefined
}) {
  const [tokens, setTokens] = useState<{ of: string; lines: Token[][] } | undefined>(undefined)
  const text = lines.map((line) => line.text).join('\n')
  const language = languageOf(file, platform)
  useEffect(() => {
    if (language === undefined || text === '') return
    let stale = false
    import('./highlight.ts').then((m: { highlight: Highlighter }) => m.highlight(text, language)).then(
      (found) => !stale && setTokens({ of: text, lines: found }),
      () => undefined, // without colours it is still the source
    )
    return () => {
      stale = true
    }
  }, [text, language])
  if (lines.length === 0) return null
  return (
    <div class="code scroll" tabIndex={0} role="region" aria-label="Source">
      {lines.map((line, i) => {
        const coloured = tokens?.of === text ? tokens.lines[i] : undefined
        return (
          <div key={line.number} class={`ln ${line.culprit ? 'hl' : ''}`}>
            <i>{line.number > 0 ? line.number : ''}</i>
            <span>{coloured === undefined ? marked(line) : painted(coloured, line)}</span>
          </div>
        )
      })}
    </div>
  )
}

// The word at the column, underlined.
function marked(line: CodeLine) {
  const { text, column } = line
  const word = column === undefined ? undefined : /^[\w$]+/.exec(text.slice(column - 1))?.[0]
  if (word === undefined || column === undefined) return text
  return <>{text.slice(0, column - 1)}<u>{word}</u>{text.slice(column - 1 + word.length)}</>
}

// The same in colours: the token at the column.
function painted(tokens: readonly Token[], { column }: CodeLine) {
  let at = 1
  return tokens.map((token, k) => {
    const from = at
    at += token.text.length
    const here = column !== undefined && from <= column && column < at && /[\w$]/.test(token.text)
    return <span key={k} class={token.kind === '' ? undefined : `k-${token.kind}`}>{here ? <u>{token.text}</u> : token.text}</span>
  })
}
