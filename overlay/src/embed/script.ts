// <script type="module" src="http://localhost:8970/overlay.js"></script>: the overlay of the Collector it comes from, with
// the options its data- attributes name. Imported by another script it does nothing by itself and offers init.
import type { Corner, Handle, Options } from './api.ts'
import { start } from './init.ts'

// overlay.js stands beside the API: at the root of the Collector, or under the path a page's server passes on to it.
const home = import.meta.url.replace(/[?#].*$/s, '').replace(/[^/]*$/, '')

export function init(options: Options = {}): Handle {
  return start(options, home)
}

function ownTag(): HTMLScriptElement | undefined {
  if (typeof document === 'undefined') return undefined
  return [...document.querySelectorAll<HTMLScriptElement>('script[type="module"][src]')].find((tag) => tag.src === import.meta.url)
}

function fromTag(data: DOMStringMap): Options {
  const some = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } => (value === undefined || value === '' ? {} : ({ [key]: value } as { [P in K]?: V }))
  return {
    ...some('endpoint', data['endpoint']), ...some('position', data['position'] as Corner | undefined), ...some('theme', data['theme'] as Options['theme']),
    ...some('shortcut', data['shortcut'] === 'false' ? (false as const) : data['shortcut']), ...some('openOn', data['openOn'] as Options['openOn']),
    ...some('errorId', data['errorId']), ...some('traceId', data['traceId']), ...some('editor', data['editor']),
    ...('fullscreen' in data && data['fullscreen'] !== 'false' ? { fullscreen: true } : {}),
  }
}

const tag = ownTag()
if (tag !== undefined && !('manual' in tag.dataset)) init(fromTag(tag.dataset))
