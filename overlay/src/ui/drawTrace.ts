// A trace on a canvas: every span a line in its service's colour, errors red.
import type { ServiceMark } from '../lib/marks.ts'
import type { Node, SpanNode, Tree } from '../lib/tree.ts'
import type { Theme } from './useTheme.ts'

export function drawTrace(canvas: HTMLCanvasElement, tree: Tree, options: {
  /** CSS pixels. */
  width: number
  height: number
  pad: number
  mark: (service: string) => ServiceMark
  theme: Theme | undefined
}): void {
  const { width, height, pad, mark, theme } = options
  const context = canvas.getContext('2d')
  if (context === null || theme === undefined) return
  const scale = devicePixelRatio || 1
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  context.scale(scale, scale)
  const spans = inOrder(tree)
  if (spans.length === 0) return
  const step = (height - 10) / spans.length
  const inner = width - 2 * pad
  const x = (ns: number) => pad + Math.max(0, Math.min(1, ns / tree.extent)) * inner
  const thick = Math.max(1, Math.min(3, step - 1))
  context.globalAlpha = step < 1 ? 0.6 : 0.9
  let colour = ''
  for (const [i, node] of spans.entries()) {
    const own = theme.services[mark(node.span.service).colour - 1] ?? theme.text
    if (own !== colour) context.fillStyle = colour = own // setting it costs more than a line does
    context.fillRect(x(node.start), 6 + i * step, Math.max(1.5, x(node.end) - x(node.start)), thick)
  }
  // After all the others, so that none is covered.
  context.globalAlpha = 1
  context.fillStyle = theme.err
  for (const [i, node] of spans.entries()) {
    if (node.span.status === 'error' || (node.span.errors?.length ?? 0) > 0) context.fillRect(x(node.end) - 2, 5 + i * step, 4, Math.max(3, Math.min(5, step + 1)))
  }
}

function inOrder(tree: Tree): SpanNode[] {
  const spans: SpanNode[] = []
  const todo: Node[] = [...tree.roots].reverse()
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node.kind === 'span') spans.push(node)
    for (let i = node.children.length - 1; i >= 0; i--) todo.push(node.children[i]!)
  }
  return spans
}
