import { useEffect, useState } from 'preact/hooks'
import type { CodeLine } from '../lib/frames.ts'
import { languageOf, type Token } from '../lib/language.ts'

type Highlighter = (text: string, language: string) => Promise<Token[][]>

/** Lines of source with the culprit tinted. Colours come with a chunk of their own, after the text. */
export function Code({ lines, column, file, platform }: {
  lines: readonly CodeLine[]
  /** Counts from 1. */
  column: number | undefined
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
            <span>{coloured === undefined ? marked(line, column) : coloured.map((token, k) => <span key={k} class={token.kind === '' ? undefined : `k-${token.kind}`}>{token.text}</span>)}</span>
          </div>
        )
      })}
    </div>
  )
}

// The word at the column, underlined. Only while there are no colours: tokens have edges of their own.
function marked(line: CodeLine, column: number | undefined) {
  if (!line.culprit || column === undefined || column < 1 || column > line.text.length) return line.text
  const word = /^[\w$]+/.exec(line.text.slice(column - 1))?.[0]
  if (word === undefined) return line.text
  return <>{line.text.slice(0, column - 1)}<u>{word}</u>{line.text.slice(column - 1 + word.length)}</>
}
