// The npm package: import { init } from '@otelcol-spotlight/overlay'.
import type { Handle, Options } from './api.ts'
import { start } from './init.ts'

export type { Corner, Events, Handle, Options } from './api.ts'

/** Puts the overlay into this page; a second call returns the first one's handle. */
export function init(options: Options = {}): Handle {
  return start(options, 'http://localhost:8970')
}
