import { createApp, createSSRApp, h, ref } from 'vue'

const component = (version) => ({
  setup() {
    const n = ref(0)
    return () => h('main', { id: 'root' }, [h('h1', `Version ${version}`), h('button', { id: 'more', onClick: () => n.value++ }, `pressed ${n.value}`)])
  },
})
let app
let version = 1
window.begin = () => {
  app = createSSRApp(component(version))
  app.mount(document.body) // hydrates what the server wrote
}
window.reload = window.remount = () => {
  app.unmount()
  app = createApp(component(++version))
  app.mount(document.body)
}
