// Every text that is rendered passes visible(), whoever wrote the component: a rule as a machine instead of a habit.
import { Fragment, options, type VNode } from 'preact'
import { visible } from '../lib/text.ts'

/** Attributes that are read out or shown. */
const SHOWN = ['title', 'aria-label', 'alt', 'placeholder'] as const

let installed = false

/** Installs the hook into this copy of Preact. Idempotent. */
export function installSafeText(): void {
  if (installed) return
  installed = true
  const before = options.vnode
  options.vnode = (vnode: VNode) => {
    if (typeof vnode.type === 'string' || vnode.type === Fragment) {
      const props = vnode.props as { children?: unknown } & Record<string, unknown>
      if (props.children !== undefined) props.children = cleaned(props.children)
      for (const name of SHOWN) {
        const value = props[name]
        if (typeof value === 'string') props[name] = visible(value)
      }
    }
    before?.(vnode)
  }
}

function cleaned(children: unknown): unknown {
  if (typeof children === 'string') return visible(children)
  if (!Array.isArray(children)) return children
  for (let i = 0; i < children.length; i++) {
    const child: unknown = children[i]
    if (typeof child === 'string' || Array.isArray(child)) children[i] = cleaned(child)
  }
  return children
}
