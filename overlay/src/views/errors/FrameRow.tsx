import { ChevronDown, ChevronRight, Copy, ExternalLink } from 'lucide-preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { editorLink, mapPath } from '../../lib/editor.ts'
import { codeLines, hasInside } from '../../lib/frames.ts'
import { frameWhere } from '../../lib/frameWhere.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Code } from '../../ui/Code.tsx'
import { JsonTree, Scalar } from '../../ui/JsonTree.tsx'
import type { AttributeValue, Frame } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { NotMapped } from './NotMapped.tsx'

/** Locals shown before "more". */
const LOCALS = 12

/** One call: its row, and when opened the source around it and the local variables. */
export function FrameRow({ frame, own, root, platform, startOpen }: {
  frame: Frame
  own: boolean
  root: string
  platform: string | undefined
  startOpen: boolean
}) {
  const app = useApp()
  const [open, setOpen] = useState(startOpen)
  // A frame that becomes readable while the page is open, by a map that came later, opens as it would have at first.
  useEffect(() => {
    if (startOpen) setOpen(true)
  }, [startOpen])
  // What one can do with a frame is there once it is pointed at, focused or open: of fifty rows most never are.
  const [near, setNear] = useState(false)
  const { call, path, at, title } = useMemo(() => frameWhere(frame, root, platform), [frame, root, platform])
  const inside = hasInside(frame)
  const here = mapPath(title, app.settings.value.pathMap)
  const link = editorLink(app.settings.value.editor, here)
  const shown = open && inside
  const how = frame.resolved_with === undefined ? undefined : HOW[frame.resolved_with] ?? frame.resolved_with
  return (
    <>
      <div class={`fr ${own ? '' : 'lib'} ${shown ? 'shown' : ''}`} onPointerEnter={() => setNear(true)} onFocusCapture={() => setNear(true)}>
        <button class="open" aria-expanded={inside ? shown : undefined} disabled={!inside} onClick={() => setOpen(!open)}>
          {inside ? <Icon of={shown ? ChevronDown : ChevronRight} size={12} class="t3" /> : <span class="w-12 shrink-0" />}
          <span class="fn trunc" title={frame.raw_function ?? call}>{call === '' ? <span class="t2">&lt;anonymous&gt;</span> : call}</span>
          <span class="pa mono trunc" title={title}>{path}<span class="t3">{at}</span></span>
          {how !== undefined && <><span class="chip tiny" title={mapped(frame)}>mapped</span>{shown && <span class="t3 text-11 shrink-0">by {how}</span>}</>}
          {how === undefined && frame.unresolved !== undefined && <span class="chip tiny warn" title={frame.unresolved}>not mapped</span>}
        </button>
        {(near || shown) && (
          <>
            {own && <span class="acts t3 shrink-0">in-app</span>}
            {link !== undefined && <a class="acts btn ghost icon small" aria-label="Open in editor" title={`Open ${here} in the editor; with Shift, copy it`} href={link}
              onClick={(event) => {
                if (!event.shiftKey) return
                event.preventDefault()
                void app.copy(here, 'Path')
              }}
            ><Icon of={ExternalLink} size={14} /></a>}
            <button class="acts btn ghost icon small" aria-label="Copy path" title={`Copy ${title}`} onClick={() => void app.copy(title, 'Path')}><Icon of={Copy} size={14} /></button>
          </>
        )}
      </div>
      {shown && (
        <>
          <Code lines={codeLines(frame)} file={frame.filename ?? frame.abs_path ?? ''} platform={frame.platform ?? platform} />
          {frame.unresolved !== undefined && how === undefined && <NotMapped reason={{ reason: frame.unresolved, frames: 1, file: frame.abs_path ?? frame.filename ?? '' }} says={frame.unresolved} />}
          {how !== undefined && frame.generated !== undefined && <div class="was">{mapped(frame).split('\n').map((line) => <span key={line}>{line}</span>)}</div>}
          <Locals vars={Object.entries(frame.vars ?? {})} />
        </>
      )}
    </>
  )
}

/** How a map was found (Frame.resolved_with), in a word. */
const HOW: { [with_: string]: string } = { debug_id: 'debug ID', path: 'file', dev_server: 'dev server', release: 'release' }

// Where the frame was in the bundle, and how its map was found.
function mapped({ generated, resolved_with: by }: Frame): string {
  if (generated === undefined) return ''
  const lines = [`was ${generated.filename}:${generated.line}:${generated.column}`]
  if (by !== undefined) lines.push(`map found by ${by === 'path' ? 'the file beside it' : HOW[by] ?? by}`)
  if (generated.map !== undefined) lines.push(`map: ${generated.map}`)
  if (generated.debug_id !== undefined) lines.push(`debug ID: ${generated.debug_id}`)
  return lines.join('\n')
}

function Locals({ vars }: { vars: [string, AttributeValue][] }) {
  const [all, setAll] = useState(false)
  const [tree, setTree] = useState<string | undefined>(undefined)
  if (vars.length === 0) return null
  const shown = all ? vars : vars.slice(0, LOCALS)
  const opened = vars.find(([name]) => name === tree)
  return (
    <div class="vars">
      {shown.map(([name, value]) => (typeof value === 'object' && value !== null
        ? <button key={name} aria-expanded={name === tree} onClick={() => setTree(name === tree ? undefined : name)}><b>{name}</b> = {Array.isArray(value) ? `[${value.length}]` : `{${Object.keys(value).length}}`}</button>
        : <span key={name} class="wrap-anywhere"><b>{name}</b> = <Local value={value} /></span>))}
      {shown.length < vars.length && <button class="link" onClick={() => setAll(true)}>{vars.length - shown.length} more</button>}
      {opened !== undefined && <div class="w-full"><JsonTree value={opened[1]} name={opened[0]} /></div>}
    </div>
  )
}

// SDKs send locals as their printed form: text that looks like a number or a constant is shown as one.
function Local({ value }: { value: AttributeValue }) {
  if (typeof value !== 'string') return <Scalar value={value} />
  if (/^-?\d[\d_.]*(e[+-]?\d+)?(ns|µs|ms|s|m|h)?$/.test(value)) return <span class="lit-n">{value}</span>
  if (/^(null|None|nil|undefined|true|false|True|False)$/.test(value)) return <span class="lit-k">{value}</span>
  return <Scalar value={value} quotes={!/^['"]/.test(value)} />
}
