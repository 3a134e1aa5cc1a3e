import { createElement } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { App, reloaded } from './react.mjs'

let root
let version = 1
window.begin = () => (root = hydrateRoot(document, createElement(App), { onRecoverableError: (fault) => console.error('hydration', fault.message) }))
window.reload = () => root.render(createElement(reloaded(++version)))
window.remount = () => {
  root.unmount()
  root = createRoot(document)
  root.render(createElement(reloaded(++version)))
}
