import type { ComponentChildren } from 'preact'
import { EDITOR_NAMES } from '../../lib/editor.ts'
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

function Row({ label, hint, children }: { label: string; hint?: string; children: ComponentChildren }) {
  return (
    <label class="grid grid-cols-[160px_1fr] gap-12 items-center">
      <span><span class="font-medium">{label}</span>{hint !== undefined && <span class="t3 text-11 block">{hint}</span>}</span>
      <span>{children}</span>
    </label>
  )
}
