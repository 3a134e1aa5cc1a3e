// The one element the overlay puts into a page. It stands in the top layer, so that no z-index, transform or filter of the
// page reaches it, and lets no event out that begins inside (MUST-EMB-2, 6, 10).

/** How often the element comes back after the page has removed it. */
const COMEBACKS = 5
/** Milliseconds after which a removal is forgotten: a page that is loaded anew in place now and then does not fight us. */
const FORGOTTEN = 60_000

// What happens inside stays inside, in the bubble phase: shortcuts, focus traps and click handlers of the page stay quiet.
const KEPT = [
  'keydown', 'keyup', 'keypress', 'input', 'beforeinput', 'change', 'submit', 'reset', 'select', 'invalid',
  'click', 'dblclick', 'auxclick', 'contextmenu', 'mousedown', 'mouseup', 'mousemove', 'mouseover', 'mouseout',
  'pointerdown', 'pointerup', 'pointermove', 'pointerover', 'pointerout', 'pointercancel', 'gotpointercapture', 'lostpointercapture',
  'touchstart', 'touchend', 'touchmove', 'touchcancel', 'wheel', 'focusin', 'focusout', 'copy', 'cut', 'paste',
  'compositionstart', 'compositionupdate', 'compositionend', 'dragstart', 'drag', 'dragend', 'dragenter', 'dragleave', 'dragover', 'drop',
]

// Inline and important, because nothing in a page is stronger. `all` leaves out direction, unicode-bidi and zoom of parents.
const STYLE: [string, string][] = [
  ['all', 'initial'], ['position', 'fixed'], ['inset', '0 auto auto 0'], ['width', '0'], ['height', '0'], ['z-index', '2147483647'],
  ['display', 'block'], ['overflow', 'visible'], ['direction', 'ltr'], ['unicode-bidi', 'isolate'],
]

export interface Host {
  element: HTMLElement
  root: ShadowRoot
  /** Above everything that is in the top layer by now, and inside the dialog that makes the rest of the page inert. */
  surface: () => void
  /** Whether a modal dialog of the page makes us unreachable. */
  behind: () => boolean
  /** Whether the focus is inside. */
  focused: () => boolean
  destroy: () => void
}

export function createHost(gaveUp: () => void): Host {
  const ended = new AbortController()
  const { signal } = ended
  const element = document.createElement('otelcol-spotlight')
  for (const [name, value] of STYLE) element.style.setProperty(name, value, 'important')
  const root = element.attachShadow({ mode: 'open' })
  for (const type of KEPT) element.addEventListener(type, (event) => event.stopPropagation(), { signal, passive: true })
  // A page's trap for the focus looks at where the focus goes. It is told "nowhere", and then the focus comes to us.
  root.addEventListener('mousedown', releaseFocus, { capture: true, signal })

  let removed = 0
  let last = 0
  let moving = false
  const put = (where: Element) => {
    moving = true
    where.append(element)
    raise()
    observer.takeRecords()
    moving = false
  }
  const raise = () => {
    try {
      element.popover = 'manual'
      if (element.matches(':popover-open')) element.hidePopover()
      element.showPopover()
    } catch {
      // no popovers in this browser: the z-index has to do
    }
    const zoom = (document.documentElement as { currentCSSZoom?: number }).currentCSSZoom ?? 1
    element.style.setProperty('zoom', String(1 / zoom), 'important')
  }
  const observer = new MutationObserver(() => {
    if (moving || element.isConnected) return
    if (performance.now() - last > FORGOTTEN) removed = 0
    last = performance.now()
    if (++removed > COMEBACKS) {
      console.info(`otelcol-spotlight: this page removed the overlay ${removed} times within a short time, so it stays away until the next load`)
      gaveUp()
      return
    }
    home()
  })
  const watch = (deep: boolean) => {
    observer.disconnect()
    observer.observe(document, { childList: true })
    observer.observe(document.documentElement, { childList: true, subtree: deep })
  }
  const home = () => {
    watch(false)
    put(document.documentElement)
  }

  const surface = () => {
    const dialog = modalDialog()
    if (dialog === undefined) {
      if (element.parentNode === document.documentElement) raise()
      else home()
      return
    }
    if (element.parentNode === dialog) return raise()
    put(dialog)
    watch(true) // the dialog may go with everything in it
    dialog.addEventListener('close', () => element.parentNode === dialog && home(), { once: true, signal })
  }
  document.addEventListener('fullscreenchange', () => element.isConnected && raise(), { signal })

  home()
  return {
    element, root, surface,
    behind: () => {
      const dialog = modalDialog()
      return dialog !== undefined && !dialog.contains(element)
    },
    focused: () => root.activeElement !== null,
    destroy: () => {
      ended.abort()
      observer.disconnect()
      element.remove()
    },
  }
}

/** Takes the focus from the page, so that it can be given to us without the page seeing where it goes. */
export function releaseFocus(): void {
  if (document.activeElement?.localName !== 'otelcol-spotlight') dropFocus(document)
}

/** Takes the focus from whatever has it inside a document or a shadow root, however deep: Firefox blurs no host of it. */
export function dropFocus(root: DocumentOrShadowRoot): void {
  let active = root.activeElement
  while (active?.shadowRoot?.activeElement != null) active = active.shadowRoot.activeElement
  if (active instanceof HTMLElement && active !== document.body) active.blur()
}

// The modal dialog the user is in: the one with the focus, else the last one.
function modalDialog(): HTMLDialogElement | undefined {
  const open = [...document.querySelectorAll<HTMLDialogElement>('dialog:modal')]
  return open.find((dialog) => dialog.contains(document.activeElement)) ?? open.at(-1)
}
