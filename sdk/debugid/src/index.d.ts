import type { UnpluginInstance } from 'unplugin'

type Plugin = UnpluginInstance<undefined, false>

/** Each of these makes the plugin for its bundler; there are no options. */
export const vite: Plugin['vite']
export const rollup: Plugin['rollup']
export const rolldown: Plugin['rolldown']
export const webpack: Plugin['webpack']
export const rspack: Plugin['rspack']
export const esbuild: Plugin['esbuild']
