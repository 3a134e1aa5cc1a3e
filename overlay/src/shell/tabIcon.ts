// The number of unseen errors in the tab: in its title, and as a badge on its icon.
import { effect } from '@preact/signals-core'
import type { App } from '../store/app.ts'
import { short } from '../lib/format.ts'

/** Pixels of the icon; browsers scale it down to 16. */
const SIZE = 32

export function followUnseen(app: App, host: HTMLElement): () => void {
  const look = () => {
    app.unseen.looking.value = document.visibilityState !== 'hidden'
  }
  look()
  document.addEventListener('visibilitychange', look)
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  const plain = link?.href
  const image = new Image()
  const loaded = plain === undefined ? Promise.reject(new Error('no icon')) : new Promise<void>((resolve, reject) => {
    image.onload = () => resolve()
    image.onerror = reject
    image.src = plain
  })
  loaded.catch(() => {}) // then the title has to do
  const stop = effect(() => {
    const n = app.unseen.count.value
    document.title = n > 0 ? `(${short(n)}) Spotlight` : 'Spotlight'
    if (link === null || plain === undefined) return
    if (n === 0) link.href = plain
    else void loaded.then(() => app.unseen.count.peek() === n && (link.href = badge(image, n, host)), () => {})
  })
  return () => {
    stop()
    document.removeEventListener('visibilitychange', look)
  }
}

function badge(image: HTMLImageElement, n: number, host: HTMLElement): string {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIZE
  const context = canvas.getContext('2d')
  if (context === null) return image.src
  context.drawImage(image, 0, 0, SIZE, SIZE)
  const token = (name: string) => getComputedStyle(host).getPropertyValue(`--osp-${name}`).trim()
  context.fillStyle = token('err-solid')
  context.beginPath()
  context.roundRect(n > 9 ? 6 : 12, 12, n > 9 ? 26 : 20, 20, 10)
  context.fill()
  context.fillStyle = token('bg-0')
  context.font = `700 16px ${token('font-ui')}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(n > 99 ? '99' : String(n), n > 9 ? 19 : 22, 22.5)
  return canvas.toDataURL()
}
