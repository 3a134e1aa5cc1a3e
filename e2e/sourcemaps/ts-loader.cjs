// A webpack loader of TypeScript, by the esbuild of sdk/debugid.
const esbuild = require('../../sdk/debugid/node_modules/esbuild')

module.exports = function load(source) {
  const done = this.async()
  esbuild.transform(source, { loader: 'ts', sourcemap: true, sourcefile: this.resourcePath, target: 'es2022' })
    .then(({ code, map }) => done(null, code, JSON.parse(map)), done)
}
