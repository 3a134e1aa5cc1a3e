import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AttributeValue } from '../wire/model.gen.ts'
import { conversation } from './conversation.ts'

it.each<[string, { [key: string]: AttributeValue }, string[]]>([
  ['of the semantic conventions: messages with parts', {
    'gen_ai.system_instructions': '[{"type":"text","content":"Be brief"}]',
    'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Weather in Vienna?' }] }, { role: 'assistant', parts: [{ type: 'tool_call', name: 'weather', arguments: { city: 'Vienna' } }] }],
    'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"Sunny"}],"finish_reason":"stop"}]',
  }, ['system: Be brief', 'user: Weather in Vienna?', 'assistant: weather({"city":"Vienna"})', 'assistant: Sunny']],
  ['of Sentry: messages with content', {
    'gen_ai.request.messages': '[{"role":"system","content":"Be kind"},{"role":"user","content":[{"type":"text","text":"Hi"}]}]', 'gen_ai.response.text': '["Hello"]',
    'gen_ai.response.tool_calls': '[{"function":{"name":"greet","arguments":"{}"}}]',
  }, ['system: Be kind', 'user: Hi', 'assistant: Hello', 'tool call: greet({})']],
  ['with numbers', { 'gen_ai.prompt.0.role': 'user', 'gen_ai.prompt.0.content': 'Hi', 'gen_ai.completion.0.content': 'Hello' }, ['user: Hi', 'assistant: Hello']],
  ['that was cut off', { 'gen_ai.request.messages': '[{"role":"user","content":"Hi' }, ['user: [{"role":"user","content":"Hi']],
  ['that is none', { 'gen_ai.request.model': 'x', 'http.method': 'GET' }, []],
])('a conversation %s', (_, attributes, want) => expect(conversation(attributes).map((t) => `${t.role}: ${t.text}`)).toEqual(want))

it('is text, whatever is in the attributes', () => {
  const key = fc.constantFrom('gen_ai.input.messages', 'gen_ai.request.messages', 'gen_ai.response.text', 'gen_ai.tool.output', 'gen_ai.prompt.0.content')
  fc.assert(fc.property(fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.json())), (attributes) => {
    for (const turn of conversation(attributes as { [key: string]: AttributeValue })) {
      expect(typeof turn.text).toBe('string')
      expect(typeof turn.role).toBe('string')
    }
  }))
})
