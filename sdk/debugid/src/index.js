// One plugin for Vite, Rollup, webpack and esbuild. It works on finished output: after the bundler has written scripts and
// maps (Vite, Rollup, esbuild), or on its assets just before (webpack, so that dev servers and content hashes see it too).
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createUnplugin } from 'unplugin'
import { inject } from './inject.js'

const NAME = 'otelcol-spotlight-debugid'
const isScript = (file) => /\.[cm]?js$/.test(file)

/** Injects into a script on disk; a script without a map is left alone. */
async function injectFile(file, warn) {
  const code = await readFile(file, 'utf8')
  const map = await readFile(`${file}.map`, 'utf8').catch(() => null)
  const done = injectText(file, code, map, warn)
  if (!done) return
  if (done.map !== null && done.map !== map) await writeFile(`${file}.map`, done.map)
  if (done.code !== code) await writeFile(file, done.code)
}

/** inject() that tells of a map it cannot read instead of ending the build. */
function injectText(file, code, map, warn) {
  try {
    return inject(code, map)
  } catch (error) {
    warn(`${NAME}: ${file} gets no debug ID: ${error.message}`)
    return null
  }
}

/** Rollup and Vite: the files of a bundle, once they are written. */
async function writeBundle(options, bundle) {
  const dir = options.dir ?? path.dirname(options.file)
  for (const file of Object.keys(bundle).filter(isScript)) await injectFile(path.resolve(dir, file), (text) => this.warn(text))
}

/** webpack and compatible: assets in memory, after the source maps are made and before content hashes are. */
function applyToCompiler(compiler) {
  const { Compilation, sources } = compiler.webpack
  compiler.hooks.compilation.tap(NAME, (compilation) => {
    compilation.hooks.processAssets.tap({ name: NAME, stage: Compilation.PROCESS_ASSETS_STAGE_DEV_TOOLING + 1 }, (assets) => {
      for (const file of Object.keys(assets).filter(isScript)) {
        const related = compilation.getAsset(file)?.info.related?.sourceMap
        const mapFile = typeof related === 'string' ? related : `${file}.map`
        const map = compilation.getAsset(mapFile)?.source.source().toString() ?? null
        const code = compilation.getAsset(file).source.source().toString()
        const warn = (text) => compilation.warnings.push(new compiler.webpack.WebpackError(text))
        const done = injectText(file, code, map, warn)
        if (!done) continue
        compilation.updateAsset(file, new sources.RawSource(done.code))
        if (done.map !== null) compilation.updateAsset(mapFile, new sources.RawSource(done.map))
      }
    })
  })
}

/** esbuild: output files in memory when it writes none, else those on disk. */
function setup(build) {
  const metafileWanted = build.initialOptions.metafile
  build.initialOptions.metafile = true
  build.onEnd(async (result) => {
    if (result.errors.length > 0) return
    const warn = (text) => result.warnings.push({ id: '', pluginName: NAME, text, location: null, notes: [], detail: undefined })
    if (result.outputFiles) {
      const byPath = new Map(result.outputFiles.map((file) => [file.path, file]))
      for (const file of result.outputFiles.filter((output) => isScript(output.path))) {
        const map = byPath.get(`${file.path}.map`)
        const done = injectText(file.path, file.text, map?.text ?? null, warn)
        if (!done) continue
        file.contents = Buffer.from(done.code)
        if (map && done.map !== null) map.contents = Buffer.from(done.map)
      }
    } else {
      const root = build.initialOptions.absWorkingDir ?? process.cwd()
      for (const file of Object.keys(result.metafile.outputs).filter(isScript)) await injectFile(path.resolve(root, file), warn)
    }
    if (!metafileWanted) delete result.metafile
  })
}

const plugin = createUnplugin(() => ({
  name: NAME,
  enforce: 'post',
  rollup: { writeBundle },
  rolldown: { writeBundle },
  vite: { apply: 'build', writeBundle },
  webpack: applyToCompiler,
  rspack: (compiler) => applyToCompiler(Object.assign(compiler, { webpack: compiler.webpack ?? compiler.rspack })),
  esbuild: { setup },
}))

export const { vite, rollup, rolldown, webpack, rspack, esbuild } = plugin
