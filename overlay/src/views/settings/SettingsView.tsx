import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { EDITOR_NAMES, editorLink, formatPathMap, mapPath, parsePathMap } from '../../lib/editor.ts'
import { bytes, count, duration } from '../../lib/format.ts'
import { KeyValues } from '../../ui/KeyValues.tsx'
import { Scroll } from '../../ui/Scroll.tsx'
import { Top } from '../../ui/Top.tsx'
import type { Settings } from '../../store/settings.ts'
import { useApp } from '../context.ts'

/** What the user can choose, and what the Collector says of itself. */
export function SettingsView() {
  const app = useApp()
  const settings = app.settings.value
  const status = app.feed.status.value
  const set = <K extends keyof Settings>(key: K) => (event: { currentTarget: { value: string } }) => app.setSettings({ [key]: event.currentTarget.value } as Partial<Settings>)
  return (
    <>
      <Top title="Settings" />
      <Scroll label="Settings" class="grow p-20">
        <div class="max-w-[640px] flex flex-col gap-16">
          <Row label="Theme">
            <select class="btn" value={settings.theme} onChange={set('theme')}><option value="system">As the system</option><option value="dark">Dark</option><option value="light">Light</option></select>
          </Row>
          <Row label="Editor" hint="Opens files of your project: a name, or a link with {file}, {line} and {column}">
            <input class="btn w-full" list="editors" value={settings.editor} onChange={set('editor')} spellcheck={false} />
            <datalist id="editors">{EDITOR_NAMES.map((name) => <option key={name} value={name} />)}</datalist>
          </Row>
          <PathMap />
          <Row label="Single keys" hint="j, k, g e and the like. Press ? for all of them">
            <input type="checkbox" checked={settings.singleKeys} onChange={(event) => app.setSettings({ singleKeys: event.currentTarget.checked })} />
          </Row>
          {status !== undefined && (
            <section>
              <h2 class="h3">Collector</h2>
              <KeyValues
                onCopy={(text, what) => void app.copy(text, what)}
                entries={[
                  ['version', status.version], ['address', app.api.base], ['running for', duration(status.uptime_ns)],
                  ['memory of the store', `${bytes(status.bytes)} of ${bytes(status.max_bytes)}`], ['kept for', duration(status.max_age_ns)],
                  ...Object.entries(status.received).map(([kind, n]) => [`received ${kind}`, count(n)] as const),
                  ...Object.entries({ ...status.dropped, ...app.feed.dropped.value }).filter(([, n]) => n > 0).map(([reason, n]) => [`dropped: ${reason.replaceAll('_', ' ')}`, count(n)] as const),
                  ...Object.entries(status.evicted).filter(([, n]) => n > 0).map(([reason, n]) => [`made room: ${reason.replaceAll('_', ' ')}`, count(n)] as const),
                  ...status.endpoints.map((e) => [`SDKs send to (${e.name.replaceAll('_', ' ')})`, e.url] as const),
                ]}
              />
            </section>
          )}
        </div>
      </Scroll>
    </>
  )
}

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
      <div class="grid grid-cols-[160px_1fr] gap-12 items-center">
        <label for="sample"><span class="font-medium">Try it</span><span class="t3 text-11 block">A path as an error shows it</span></label>
        <div>
          <div class="flex gap-6"><input id="sample" class="btn grow mono" spellcheck={false} value={sample} onInput={(event) => setSample(event.currentTarget.value)} />{link !== undefined && <a class="btn" href={link}>Open in editor</a>}</div>
          <p class={`text-12 mt-4 wrap-anywhere ${link === undefined ? 'text-warn' : 't2'}`} role="status">{link === undefined ? `${here} is no absolute path of this machine: add a rule for it, or check the editor above` : <>opens <span class="mono">{link}</span></>}</p>
        </div>
      </div>
    </>
  )
}

function Row({ label, hint, children }: { label: string; hint?: string; children: ComponentChildren }) {
  return (
    <label class="grid grid-cols-[160px_1fr] gap-12 items-center">
      <span><span class="font-medium">{label}</span>{hint !== undefined && <span class="t3 text-11 block">{hint}</span>}</span>
      <span>{children}</span>
    </label>
  )
}
