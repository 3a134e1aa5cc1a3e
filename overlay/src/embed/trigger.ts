// The pill: what it says, where it stands, its menu. Plain DOM, since it is loaded with every page.
import { duration } from '../lib/duration.ts'
import type { Corner } from './api.ts'
import type { LineState } from './line.ts'
import { choose, chosen, keepTab, tab } from './memory.ts'

const SVG = 'http://www.w3.org/2000/svg'
/** Pixels the pointer may move before a press is a drag. */
const DRAG = 4
export const CORNERS: Corner[] = ['top-left', 'top-right', 'bottom-left', 'bottom-right']
const MOST = 99

export interface Shown { ns: number | undefined; unseen: number; state: LineState; paused: boolean }

export type Trigger = ReturnType<typeof createTrigger>

export function createTrigger(root: ShadowRoot, options: { corner: Corner; onClick: () => void; onMove: () => void; onSettings: () => void }) {
  const button = make('button', 'trig')
  button.type = 'button'
  button.setAttribute('aria-expanded', 'false')
  const say = make('span', 'say')
  const bad = icon(14, 'M8 2 15 14H1ZM8 6.5v3.5M8 12.4v.1')
  bad.classList.add('bad')
  const badge = make('span', 'badge')
  const number = make('span')
  badge.append(icon(12, 'M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2M8 5v3.4M8 10.8v.1'), number)
  button.append(logo(), say, bad, badge)

  let corner = chosen().corner ?? options.corner
  const stand = (at: Corner) => {
    corner = at
    button.dataset['corner'] = at
  }
  const move = (to: Corner) => {
    stand(to)
    choose({ corner: to })
    options.onMove()
  }
  const hide = (on: boolean) => {
    button.classList.toggle('tab', on)
    keepTab({ hidden: on })
  }
  stand(corner)
  button.classList.toggle('tab', tab().hidden === true)

  const menu = createMenu(root, button, [
    ['Hide in this tab', () => hide(true)],
    ...CORNERS.map((to): [string, () => void] => [`Move to ${to.replace('-', ' ')}`, () => move(to)]),
    ['Settings', options.onSettings],
  ])

  let dragged = false
  button.addEventListener('click', () => {
    if (dragged) return
    if (button.classList.contains('tab')) hide(false)
    else options.onClick()
  })
  button.addEventListener('contextmenu', (event) => {
    event.preventDefault()
    menu.open()
  })
  button.addEventListener('keydown', (event) => {
    if (event.key === 'F10' && event.shiftKey) menu.open()
    else if (/^Arrow(Up|Down|Left|Right)$/.test(event.key)) {
      const [y, x] = corner.split('-') as [string, string]
      const to = { ArrowUp: `top-${x}`, ArrowDown: `bottom-${x}`, ArrowLeft: `${y}-left`, ArrowRight: `${y}-right` }[event.key]
      move(to as Corner)
    } else return
    event.preventDefault()
  })
  button.addEventListener('pointerdown', (down) => {
    dragged = false
    if (down.button !== 0) return
    button.setPointerCapture(down.pointerId) // at once: a quick hand leaves the button with its first move
    const onMove = (at: PointerEvent) => {
      const [dx, dy] = [at.clientX - down.clientX, at.clientY - down.clientY]
      if (!dragged && Math.hypot(dx, dy) < DRAG) return
      dragged = true
      button.classList.add('drag')
      button.style.setProperty('transform', `translate(${dx}px, ${dy}px)`)
    }
    const onUp = (at: PointerEvent) => {
      button.removeEventListener('pointermove', onMove)
      button.removeEventListener('pointerup', onUp)
      button.removeEventListener('pointercancel', onUp)
      button.classList.remove('drag')
      button.style.removeProperty('transform')
      if (dragged && at.type === 'pointerup') move(`${at.clientY < innerHeight / 2 ? 'top' : 'bottom'}-${at.clientX < innerWidth / 2 ? 'left' : 'right'}`)
    }
    button.addEventListener('pointermove', onMove)
    button.addEventListener('pointerup', onUp)
    button.addEventListener('pointercancel', onUp)
  })

  let before = ''
  let unseen = 0
  root.append(button)
  return {
    button, move,
    corner: () => corner,
    /** Back to where the page wants it. */
    home: () => stand(options.corner),
    /** As aria-keyshortcuts wants it. */
    shortcut: (keys: string | undefined) => {
      if (keys === undefined) button.removeAttribute('aria-keyshortcuts')
      else button.setAttribute('aria-keyshortcuts', keys)
    },
    /** Writes only what changed: a page that is busy shall not notice us. */
    show: (shown: Shown) => {
      const time = shown.ns === undefined ? '' : duration(shown.ns)
      const lost = shown.state === 'lost' || shown.state === 'blocked'
      const text = shown.state === 'blocked' ? 'Blocked by page policy' : shown.paused ? '⏸' : lost ? '' : time
      const many = shown.unseen > MOST ? `${MOST}+` : String(shown.unseen)
      const name = ['Spotlight']
      if (shown.state === 'blocked') name.push('blocked by page policy')
      else if (lost) name.push('not connected')
      else if (shown.paused) name.push('paused')
      if (shown.unseen > 0) name.push(`${many} new ${shown.unseen === 1 ? 'error' : 'errors'}`)
      if (time !== '') name.push(time)
      const label = name.join(', ')
      if (label === before) return
      before = label
      button.setAttribute('aria-label', label)
      button.title = label
      say.textContent = text
      bad.toggleAttribute('hidden', !lost)
      badge.hidden = shown.unseen === 0
      number.textContent = shown.unseen === 0 ? '' : many
      // Not by a class: to begin its animation anew one would have to lay out the page.
      if (shown.unseen > unseen && !matchMedia('(prefers-reduced-motion: reduce)').matches) badge.animate({ scale: [1, 1.14, 1] }, { duration: 200, easing: 'ease-out' })
      unseen = shown.unseen
    },
    /** Above the open overlay, beside it, or away when that fills the window. In CSS pixels. */
    place: (lift: number, shove: number, away: boolean) => {
      button.style.setProperty('--lift', `${corner.startsWith('bottom') ? lift : 0}px`)
      button.style.setProperty('--shove', `${corner.endsWith('right') ? shove : 0}px`)
      button.classList.toggle('away', away)
    },
    destroy: () => {
      button.remove()
      menu.destroy()
    },
  }
}

function createMenu(root: ShadowRoot, opener: HTMLElement, items: [string, () => void][]) {
  const menu = make('div', 'menu')
  menu.popover = 'auto'
  menu.setAttribute('role', 'menu')
  menu.setAttribute('aria-label', 'Spotlight')
  const buttons = items.map(([label, run]) => {
    const button = make('button')
    button.setAttribute('role', 'menuitem')
    button.textContent = label
    button.addEventListener('click', () => {
      menu.hidePopover()
      opener.focus()
      run()
    })
    return button
  })
  menu.append(...buttons)
  menu.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(root.activeElement as HTMLButtonElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    buttons[(to + buttons.length) % buttons.length]!.focus()
  })
  root.append(menu)
  return {
    open: () => {
      menu.showPopover()
      const at = opener.getBoundingClientRect()
      const below = at.bottom + 4 + menu.offsetHeight <= innerHeight
      menu.style.setProperty('top', `${below ? at.bottom + 4 : at.top - 4 - menu.offsetHeight}px`)
      menu.style.setProperty('left', `${Math.max(4, Math.min(at.left, innerWidth - menu.offsetWidth - 8))}px`)
      buttons[0]!.focus()
    },
    destroy: () => menu.remove(),
  }
}

function make<K extends keyof HTMLElementTagNameMap>(name: K, className = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(name)
  element.className = className
  return element
}

function icon(size: number, path: string): SVGElement {
  const svg = draw('svg', { width: size, height: size, viewBox: '0 0 16 16', 'aria-hidden': 'true' })
  svg.append(draw('path', { d: path }))
  return svg
}

// As in ui/Logo, which needs Preact.
function logo(): SVGElement {
  const svg = draw('svg', { class: 'logo', width: 20, height: 20, viewBox: '0 0 22 22', 'aria-hidden': 'true' })
  const beam = draw('linearGradient', { id: 'beam', x1: 0, y1: 0, x2: 1, y2: 1 })
  beam.append(draw('stop', { 'stop-color': 'var(--osp-beam-1)' }), draw('stop', { offset: 1, 'stop-color': 'var(--osp-beam-2)' }))
  svg.append(
    beam, draw('rect', { width: 22, height: 22, rx: 6, fill: 'var(--osp-logo-bg)' }),
    draw('path', { d: 'M6.5 5.5h4L17 17H3.5z', fill: 'url(#beam)', opacity: '.28' }), draw('circle', { cx: 8.4, cy: 6.8, r: 3, fill: 'url(#beam)' }),
    draw('path', { d: 'M4 17.2h13', stroke: 'var(--osp-crit)', 'stroke-width': 1.6, 'stroke-linecap': 'round' }),
  )
  return svg
}

function draw(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  return element
}
