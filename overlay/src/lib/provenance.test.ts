import { expect, it } from 'vitest'
import { story } from './provenance.ts'
import type { Provenance } from '../wire/model.gen.ts'

it('tells all values a tag had, in the order in which they were laid over each other', () => {
  const p = {
    layer: 'event', origin: '',
    shadowed: [{ layer: 'current', origin: 'span:ab', value: 'c' }, { layer: 'isolation', origin: '', value: 2 }, { layer: 'global', origin: 'config', value: 'g' }],
  } as Provenance
  expect(story(p, 'e').split('\n')).toEqual(['global (config): g (hidden)', 'isolation: 2 (hidden)', 'current (span:ab): c (hidden)', 'event: e'])
})
