// A statement broken into lines at its clauses, so that a long one can be read. Text between quotes, in comments and in
// dollar quotes stays as it is; nothing but white space outside of them changes.

const CLAUSE = /^(?:with|select|from|where|(?:(?:left|right|full|inner|outer|cross|natural)\s+)*join|group\s+by|order\s+by|having|limit|offset|union(?:\s+all)?|except|intersect|insert\s+into|values|update|set|delete\s+from|on\s+conflict|on\s+duplicate|returning|window|for\s+update)\b/i
const AND = /^(?:and|or)\b/i
const SKIP = /^(?:'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`[^`]*`?|--[^\n]*\n?|\/\*[\s\S]*?(?:\*\/|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|\w+|\s+|.)/

/** Characters of a statement that is laid out; what is longer stays as it came. */
const MOST = 20_000

export function layOutSql(text: string): string {
  if (text.length > MOST || !/\s/.test(text.trim())) return text
  let out = ''
  let depth = 0
  let rest = text.trim()
  const line = (indent: number) => {
    if (out !== '') out = `${out.trimEnd()}\n${'  '.repeat(Math.min(20, depth + indent))}`
  }
  while (rest !== '') {
    const word = /^\w/.test(rest) && !/\w$/.test(out)
    const clause = word ? CLAUSE.exec(rest) : null
    if (clause !== null) {
      line(0)
      out += clause[0].replace(/\s+/g, ' ')
      rest = rest.slice(clause[0].length)
      continue
    }
    if (word && AND.test(rest) && /\s$/.test(out)) line(1)
    const token = SKIP.exec(rest)![0]
    if (token === '(') depth++
    else if (token === ')') depth = Math.max(0, depth - 1)
    out += /^\s+$/.test(token) ? ' ' : token
    rest = rest.slice(token.length)
  }
  return out.trimEnd()
}
