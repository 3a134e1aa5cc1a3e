// A page that is React's from <html> on, as frameworks on top of React write it.
import { createElement as h, useState } from 'react'

export function App({ version = 1 }) {
  const [n, setN] = useState(0)
  return h('html', { lang: 'en' },
    h('head', null, h('meta', { charSet: 'utf-8' }), h('title', null, `React ${n}`)),
    h('body', null, h('main', { id: 'root' }, h('h1', null, `Version ${version}`), h('button', { id: 'more', onClick: () => setN(n + 1) }, `pressed ${n}`))))
}

/** The same component under another name and identity: what a hot reload puts in its place. */
export const reloaded = (version) => function Reloaded() {
  return App({ version })
}
