import { hydrate, mount, unmount } from 'svelte'
import Page from './Page.svelte'

let page
let version = 1
window.begin = () => (page = hydrate(Page, { target: document.body, props: { version } }))
window.reload = window.remount = () => {
  void unmount(page)
  page = mount(Page, { target: document.body, props: { version: ++version } })
}
