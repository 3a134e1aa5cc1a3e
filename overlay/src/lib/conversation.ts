// What was said to a language model and what it answered, read from the attributes of a span: the semantic conventions for
// generative AI (messages with parts), Sentry's (messages with content) and the older numbered prompts.
import type { AttributeValue } from '../wire/model.gen.ts'

export interface Turn {
  /** system, user, assistant, tool, or whatever the program called it. */
  role: string
  text: string
}

/** Attributes that hold a list of messages, in the order of the conversation, and the role of a message without one. */
const LISTS: readonly (readonly [key: string, role: string])[] = [
  ['gen_ai.system_instructions', 'system'], ['gen_ai.request.messages', 'user'], ['gen_ai.input.messages', 'user'], ['gen_ai.output.messages', 'assistant'],
  ['gen_ai.response.text', 'assistant'], ['gen_ai.response.tool_calls', 'tool call'], ['gen_ai.tool.call.arguments', 'tool call'], ['gen_ai.tool.input', 'tool call'],
  ['gen_ai.tool.call.result', 'tool'], ['gen_ai.tool.output', 'tool'],
]
/** Turns that are listed. */
const MOST = 200

export function conversation(attributes: { [key: string]: AttributeValue }): Turn[] {
  const turns: Turn[] = []
  for (const [key, role] of LISTS) {
    const value = attributes[key]
    if (value !== undefined) turns.push(...turnsOf(decoded(value), role))
    if (key === 'gen_ai.input.messages') turns.push(...numbered(attributes, 'gen_ai.prompt', 'user'), ...numbered(attributes, 'gen_ai.completion', 'assistant'))
  }
  return turns.filter((turn) => turn.text !== '').slice(0, MOST)
}

// gen_ai.prompt.0.role, gen_ai.prompt.0.content
function numbered(attributes: { [key: string]: AttributeValue }, prefix: string, role: string): Turn[] {
  const turns: Turn[] = []
  for (let i = 0; i < MOST; i++) {
    const content = attributes[`${prefix}.${i}.content`]
    if (content === undefined) break
    const said = attributes[`${prefix}.${i}.role`]
    turns.push({ role: typeof said === 'string' ? said : role, text: textOf(decoded(content)) })
  }
  return turns
}

function turnsOf(value: AttributeValue, role: string): Turn[] {
  if (!Array.isArray(value)) return [turnOf(value, role)]
  // A list of texts or of parts is one turn, a list of messages is as many.
  const messages = value.some((v) => fieldsOf(v)?.['role'] !== undefined || fieldsOf(v)?.['parts'] !== undefined)
  return messages ? value.map((v) => turnOf(v, role)) : [{ role, text: value.map(textOf).filter(Boolean).join('\n') }]
}

function turnOf(value: AttributeValue, role: string): Turn {
  const { role: said, parts, content } = fieldsOf(value) ?? {}
  return { role: typeof said === 'string' ? said : role, text: textOf(parts ?? content ?? value) }
}

type Fields = { [key: string]: AttributeValue | undefined }
const fieldsOf = (v: AttributeValue | undefined): Fields | undefined => (typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Fields) : undefined)

// One level of parts: what is deeper is shown as JSON.
function textOf(value: AttributeValue | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(partOf).filter(Boolean).join('\n')
  return partOf(value)
}

function partOf(part: AttributeValue): string {
  if (typeof part === 'string') return part
  const fields = fieldsOf(part)
  const text = fields?.['text'] ?? fields?.['content']
  if (typeof text === 'string') return text
  const called = fieldsOf(fields?.['function']) ?? fields
  const name = called?.['name']
  return typeof name === 'string' ? `${name}(${textOfArguments(called!['arguments'])})` : JSON.stringify(part)
}

const textOfArguments = (value: AttributeValue | undefined): string => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value))

// SDKs that may only send texts put JSON into them.
function decoded(value: AttributeValue): AttributeValue {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value) as AttributeValue
  } catch {
    return value
  }
}
