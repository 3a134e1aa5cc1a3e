import { useContext, useState } from 'preact/hooks'
import { EDITOR_NAMES, editorLink, formatPathMap, mapPath, parsePathMap } from '../../lib/editor.ts'
import { bytes, count, duration } from '../../lib/format.ts'
import { KeyValues } from '../../ui/KeyValues.tsx'
import { Scroll } from '../../ui/Scroll.tsx'
import { Top } from '../../ui/Top.tsx'
import type { Settings } from '../../store/settings.ts'
import { EmbeddingContext, useApp } from '../context.ts'
import { exportSession, importSession } from '../parts/sessionFile.ts'
import { Embedded } from './Embedded.tsx'
import { Group, Row } from './rows.tsx'

/** What the user can choose, and what the Collector says of itself. */
export function SettingsView() {
  const app = useApp()
  const settings = app.settings.value
  const embedding = useContext(EmbeddingContext)
  const reset = () => {
    app.resetSettings()
    embedding?.reset()
  }
  return (
    <>
      <Top title="Settings" />
      <Scroll label="Settings" class="grow p-20">
        <div class="max-w-[640px] flex flex-col gap-16">
          <Choice name="theme" label="Theme" options={[['system', 'As the system'], ['dark', 'Dark'], ['light', 'Light']]} />
          <Choice name="density" label="Density" options={[['comfortable', 'Comfortable'], ['compact', 'Compact']]} />
          <Choice name="time" label="Times of day" options={[['local', 'Of this machine'], ['utc', 'UTC']]} />
          <Embedded />
          <Check name="follow" label="Follow logs" hint="Begin at the newest and stay there" />
          <Check name="singleKeys" label="Single keys" hint="j, k, g e and the like. Press ? for all of them" />
          <Row label="Editor" hint="Opens files of your project: a name, or a link with {file}, {line} and {column}">
            <input class="btn w-full" list="editors" value={settings.editor} onChange={(event) => app.setSettings({ editor: event.currentTarget.value })} spellcheck={false} />
            <datalist id="editors">{EDITOR_NAMES.map((name) => <option key={name} value={name} />)}</datalist>
          </Row>
          <PathMap />
          <Row label="Mask" hint="Names of headers and attributes whose values are hidden until you ask, beside the usual ones">
            <input class="btn w-full mono" value={settings.mask} placeholder="x-tenant, customer.*" onChange={(event) => app.setSettings({ mask: event.currentTarget.value })} spellcheck={false} />
          </Row>
          <Sessions />
          <div><button class="btn" onClick={reset}>Reset all settings</button></div>
          <Collector />
        </div>
      </Scroll>
    </>
  )
}

type Named<T> = { [K in keyof Settings]: Settings[K] extends T ? K : never }[keyof Settings]

function Choice({ name, label, options }: { name: 'theme' | 'density' | 'time'; label: string; options: [value: string, label: string][] }) {
  const app = useApp()
  return (
    <Row label={label}>
      <select class="btn" value={app.settings.value[name]} onChange={(event) => app.setSettings({ [name]: event.currentTarget.value } as Partial<Settings>)}>
        {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    </Row>
  )
}

function Check({ name, label, hint }: { name: Named<boolean>; label: string; hint: string }) {
  const app = useApp()
  return <Row label={label} hint={hint}><input type="checkbox" checked={app.settings.value[name]} onChange={(event) => app.setSettings({ [name]: event.currentTarget.checked })} /></Row>
}

/** Sessions as files: what a colleague needs to see the same. */
function Sessions() {
  const app = useApp()
  const number = app.session.value
  return (
    <Group label="Sessions" hint="A file holds everything that was received, with your pins and hidden groups, for a colleague or for later">
      <div class="flex gap-6 flex-wrap">
        <button class="btn" onClick={() => exportSession(app, String(number))}>Export session #{number}</button>
        <button class="btn" onClick={() => exportSession(app, 'all')}>Export all sessions</button>
        <button class="btn" onClick={() => importSession(app)}>Import a file</button>
      </div>
    </Group>
  )
}

function Collector() {
  const app = useApp()
  const status = app.feed.status.value
  if (status === undefined) return null
  return (
    <section>
      <h2 class="h3">Collector</h2>
      <KeyValues
        onCopy={(text, what) => void app.copy(text, what)}
        entries={[
          ['version', status.version], ['address', app.api.base], ['running for', duration(status.uptime_ns)],
          ['memory of the store', `${bytes(status.bytes)} of ${bytes(status.max_bytes)} (max_bytes)`], ['kept for', `${duration(status.max_age_ns)} (max_age)`],
          ['sessions', count(status.sessions.length)],
          ...Object.entries(status.received).map(([kind, n]) => [`received ${kind}`, count(n)] as const),
          ...Object.entries({ ...status.dropped, ...app.feed.dropped.value }).filter(([, n]) => n > 0).map(([reason, n]) => [`dropped: ${reason.replaceAll('_', ' ')}`, count(n)] as const),
          ...Object.entries(status.evicted).filter(([, n]) => n > 0).map(([reason, n]) => [`made room: ${reason.replaceAll('_', ' ')}`, count(n)] as const),
          ...status.endpoints.map((e) => [`${NAMES[e.name] ?? e.name} to`, e.url] as const),
        ]}
      />
    </section>
  )
}

const NAMES: { [endpoint: string]: string } = { sentry: 'Sentry', otlp_http: 'OTLP/HTTP', otlp_grpc: 'OTLP/gRPC' }

/** Where files lie on this machine that a container or a bundle calls otherwise. */
function PathMap() {
  const app = useApp()
  const { pathMap, editor } = app.settings.value
  const [text, setText] = useState(() => formatPathMap(pathMap))
  const [sample, setSample] = useState('/app/src/index.ts:1:1')
  const { wrong } = parsePathMap(text)
  const here = mapPath(sample.trim(), pathMap)
  const link = editorLink(editor, here)
  const edit = (next: string) => {
    setText(next)
    app.setSettings({ pathMap: parsePathMap(next).map })
  }
  return (
    <>
      <Row label="Path map" hint="One rule per line: path in the program => path on this machine">
        <textarea class="area mono w-full" rows={3} spellcheck={false} placeholder="/app => /home/me/shop" value={text} onInput={(event) => edit(event.currentTarget.value)} />
        {wrong > 0 && <span class="text-warn text-12 block">{wrong === 1 ? 'A line is' : `${wrong} lines are`} no rule: write from =&gt; to</span>}
      </Row>
      <Group label="Try it" hint="A path as an error shows it" of="sample">
        <div class="flex flex-wrap gap-6"><input id="sample" class="btn grow mono" spellcheck={false} value={sample} onInput={(event) => setSample(event.currentTarget.value)} />{link !== undefined && <a class="btn" href={link}>Open in editor</a>}</div>
        <p class={`text-12 mt-4 wrap-anywhere ${link === undefined ? 'text-warn' : 't2'}`} role="status">{link === undefined ? `${here} is no absolute path of this machine: add a rule for it, or check the editor above` : <>opens <span class="mono">{link}</span></>}</p>
      </Group>
    </>
  )
}
