import { expect, it } from 'vitest'
import { isFrom, legend, overrides, provenanceOf, story, userConflict } from './provenance.ts'
import type { Event, Provenance } from '../wire/model.gen.ts'

it('tells all values a tag had, in the order in which they were laid over each other', () => {
  const p = {
    layer: 'event', origin: '',
    shadowed: [{ layer: 'current', origin: 'span:ab', value: 'c' }, { layer: 'isolation', origin: '', value: 2 }, { layer: 'global', origin: 'config', value: 'g' }],
  } as Provenance
  expect(story(p, 'e').split('\n')).toEqual(['global (config): g (hidden)', 'isolation: 2 (hidden)', 'current (span:ab): c (hidden)', 'event: e'])
})

const event = (more: object): Event => ({ breadcrumbs: [], user: {}, provenance: {}, ...more }) as unknown as Event
const p = (layer: string, more: object = {}) => ({ layer, origin: '', ...more })

it('the legend names every scope that gave a value or a breadcrumb, low to high', () => {
  const e = event({ breadcrumbs: [{ layer: 'isolation' }, {}], provenance: { 'tags.a': p('event'), request: p('span'), fingerprint: p('upstream'), release: p('global') } })
  expect(legend(e).map((b) => b.letter)).toEqual(['G', 'I', 'E', 'S'])
})

it('what the global scope has of the resource is the resource’s', () => {
  const e = event({ provenance: { 'tags.service': p('global', { origin: 'resource' }), 'tags.team': p('global', { origin: 'config' }), 'tags.a': p('event', { shadowed: [{ layer: 'global', origin: 'resource', value: 'x' }] }) } })
  expect(legend(e).map((b) => b.letter)).toEqual(['R', 'G', 'E'])
  expect([isFrom(e, 'tags.service', 'R'), isFrom(e, 'tags.service', 'G'), isFrom(e, 'tags.team', 'G'), overrides(e.provenance['tags.a'], 'y')]).toEqual([true, false, true, 'overrides R'])
})

it('a value inside of an object came from where the object did, an object from the highest of its values', () => {
  const e = event({ provenance: { 'extra.cart': p('isolation'), 'user.id': p('isolation'), 'user.email': p('event'), 'tags.a.b': p('global') } })
  expect(['extra.cart.items', 'user', 'tags.a.b', 'tags.c'].map((path) => provenanceOf(e, path)?.layer)).toEqual(['isolation', 'event', 'global', undefined])
  expect([isFrom(e, 'extra.cart.items', 'I'), isFrom(e, 'extra.cart.items', 'E'), isFrom(e, 'tags.c', 'E'), isFrom(e, 'tags.c', undefined)]).toEqual([true, false, false, true])
})

it('a conflict about the user names the others, also when there is no user at all', () => {
  const conflict = 'spans of this request name different users: 1, 2'
  const shadowed = [{ layer: 'current', origin: 'span:aa', value: { id: '1' } }, { layer: 'current', origin: 'span:bb', value: { id: '2' } }]
  expect(userConflict(event({ provenance: { user: p('isolation', { conflict, shadowed }) } }))).toEqual({ text: conflict, others: shadowed })
  expect(userConflict(event({ user: { id: '1' }, provenance: { user: p('isolation', { conflict, shadowed }) } }))!.others).toEqual([shadowed[1]])
  expect(userConflict(event({ user: { id: '1' }, provenance: { 'user.id': p('event') } }))).toBeUndefined()
})

it('an equal value below is where it came from, another one is overridden', () => {
  const below = (...values: unknown[]) => ({ layer: 'event', origin: 'sdk', shadowed: values.map((value, i) => ({ layer: i === 0 ? 'isolation' : 'global', origin: '', value })) }) as Provenance
  expect([overrides(below('7'), '7'), overrides(below('7', '8'), '7'), overrides(below(7), '7'), overrides(below('8'), '7'), overrides(below({ a: 1 }), { a: 1 }), overrides(below(), 'x'), overrides(undefined, 'x')]).toEqual([
    'same in I', 'overrides G', 'same in I', 'overrides I', 'same in I', undefined, undefined,
  ])
})
