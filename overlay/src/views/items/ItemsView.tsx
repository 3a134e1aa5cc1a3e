import { Download } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { itemFields } from '../../lib/fields.ts'
import { ago, bytes, plural } from '../../lib/format.ts'
import { compileQuery } from '../../lib/query.ts'
import { parseTime } from '../../lib/time.ts'
import { Empty, Loading } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { JsonTree } from '../../ui/JsonTree.tsx'
import { KeyValues } from '../../ui/KeyValues.tsx'
import { QueryBox } from '../../ui/QueryBox.tsx'
import { ServiceChip } from '../../ui/Service.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { Top } from '../../ui/Top.tsx'
import { VList } from '../../ui/VList.tsx'
import type { Place, ViewName } from '../../lib/url.ts'
import type { Item, ItemSummary } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { useSession } from '../session.ts'

const isProfile = (item: ItemSummary) => /^profile/.test(item.type)
const isReplay = (item: ItemSummary) => /^replay/.test(item.type)
const isFile = (item: ItemSummary) => /^(attachment|minidump|event\.|view_hierarchy|unreal)/.test(item.type)

/** An attachment says nothing; what it is made of does. */
const kindOf = (item: ItemSummary) => (item.type === 'attachment' ? item.content_type ?? item.type : item.type.replace(/_/g, ' '))

export const ProfilesView = ({ place }: { place: Place }) => (
  <Items place={place} view="profiles" title="Profiles" one="profile" of={isProfile} none="Profiling is on with profilesSampleRate (JS, Python, Ruby, PHP) or profileSessionSampleRate: 1.0." />
)
export const ReplaysView = ({ place }: { place: Place }) => (
  <Items place={place} view="replays" title="Replays" one="part" of={isReplay} none="Session replay is on with replayIntegration() and replaysSessionSampleRate: 1.0." />
)
/** Files, and behind a tab what else arrives: sessions, check-ins, feedback, reports. */
export function AttachmentsView({ place }: { place: Place }) {
  const app = useApp()
  const tab = place.params['tab'] === 'other' ? 'other' : 'files'
  return (
    <Items
      place={place} view="attachments" title="Attachments" one={tab === 'files' ? 'file' : 'item'} of={tab === 'files' ? isFile : (i) => !isFile(i) && !isProfile(i) && !isReplay(i)}
      none={tab === 'files' ? 'Files come with scope.addAttachment, screenshots and minidumps.' : 'Sessions, check-ins, feedback and reports are listed here.'}
      tabs={<Tabs label="Kind" tabs={[{ id: 'files', label: 'Files' }, { id: 'other', label: 'Sessions, check-ins, feedback and others' }]} at={tab} onPick={(id) => app.setParams({ tab: id === 'files' ? '' : id })} />}
    />
  )
}

function Items({ place, view, title, one, of, none, tabs }: {
  place: Place
  view: ViewName
  title: string
  one: string
  of: (item: ItemSummary) => boolean
  none: string
  tabs?: ComponentChildren
}) {
  const app = useApp()
  const { records, ready } = useSession('items', app.feed.lists.items.value, (i) => i.id)
  const query = place.params['q'] ?? ''
  const { terms, test } = compileQuery(query, itemFields)
  const mine = records.filter(of)
  const rows = mine.filter((i) => test === undefined || test(i)).sort((a, b) => b.id - a.id)
  const id = place.ids[0]
  return (
    <>
      <Top title={title}>
        {mine.length > 0 && <span class="chip num">{plural(mine.length, one)}</span>}
        <span class="grow" />
        {mine.length > 0 && <div class="flex w-[380px] min-w-[120px]"><QueryBox value={query} terms={terms} fields={itemFields} records={() => mine} hint="type:attachment  service:web" onChange={(q) => app.setParams({ q })} /></div>}
      </Top>
      {tabs}
      {!ready && mine.length === 0 ? <Loading label={`Loading ${title}`} />
        : mine.length === 0 && id === undefined ? <Empty title={`No ${one === 'item' ? 'items' : title.toLowerCase()} in this session`} text={none} />
          : rows.length === 0 && id === undefined ? <Empty title={`No match for ${query}`} text="Nothing of this session fits all of these terms."><button class="btn" onClick={() => app.setParams({ q: '' })}>Remove the filter</button></Empty>
            : (
              <div class="split">
                <div class="vlist flex flex-col">
                  <div class="plain items lhead" aria-hidden="true"><span>Kind</span><span>Name</span><span class="opt">Service</span><span class="text-right opt">Size</span><span class="text-right">Age</span></div>
                  <VList
                    rows={rows} keyOf={(i) => String(i.id)} size={32} label={title} rowClass="plain items"
                    onOpen={(i) => app.settle({ view, ids: [String(i.id)], params: place.params })}
                  >
                    {(i) => (
                      <>
                        <span role="gridcell" class="t3 trunc mono" title={i.type}>{kindOf(i)}</span>
                        <span role="gridcell" class="trunc">{i.title === '' ? <span class="t3">untitled</span> : i.title}</span>
                        <span role="gridcell" class="opt min-w-0"><ServiceChip name={i.service} mark={app.services.mark(i.service)} /></span>
                        <span role="gridcell" class="num t2 text-right opt">{bytes(i.size)}</span>
                        <span role="gridcell" class="num t3 text-right">{ago(parseTime(i.time).ms, app.now.value)}</span>
                      </>
                    )}
                  </VList>
                </div>
                {id !== undefined && <ItemDetails key={id} id={id} close={() => app.settle({ view, ids: [], params: place.params })} />}
              </div>
            )}
    </>
  )
}

/** Bytes of a payload that are shown; the rest is in the download. */
const SHOWN = 64 * 1024

function ItemDetails({ id, close }: { id: string; close: () => void }) {
  const app = useApp()
  const [item, setItem] = useState<Item | 'gone' | undefined>(undefined)
  useEffect(() => {
    app.api.item(Number(id)).then(setItem, () => setItem('gone'))
  }, [id])
  return (
    <aside class="det" aria-label="Item details">
      {item === undefined ? <Loading label="Loading" rows={5} />
        : item === 'gone' ? <div class="dh pb-16"><h2>Not in the buffer any more</h2><button class="btn mt-8" onClick={close}>Close</button></div>
          : (
            <>
              <div class="dh pb-12">
                <div class="t3 text-12 mono">{item.type}</div>
                <h2>{item.title === '' ? 'untitled' : item.title}</h2>
                <div class="flex gap-6 mt-8 flex-wrap">
                  <a class="btn" href={app.api.base + app.api.itemPath(item.id)} download={item.title || item.type}><Icon of={Download} size={14} />Download {bytes(item.size)}</a>
                  {item.event_id !== undefined && <button class="btn" onClick={() => app.go({ view: 'errors', ids: ['-', item.event_id!], params: {} })}>Open error</button>}
                  {item.trace_id !== undefined && <button class="btn" onClick={() => app.go({ view: 'traces', ids: [item.trace_id!], params: {} })}>Open trace</button>}
                  <button class="btn ghost" onClick={close}>Close</button>
                </div>
              </div>
              <div class="body scroll border-t border-line" role="region" aria-label="Content" tabIndex={0}>
                {item.warnings?.map((w) => <p key={w} class="text-warn text-12 mb-8">{w}</p>)}
                <Payload item={item} />
                <h3 class="h3">Attributes</h3>
                <KeyValues entries={Object.entries(item.attributes)} onCopy={(text, what) => void app.copy(text, what)} />
                {item.resource !== undefined && <><h3 class="h3">Resource</h3><KeyValues entries={Object.entries(item.resource.attributes)} onCopy={(text, what) => void app.copy(text, what)} /></>}
              </div>
            </>
          )}
    </aside>
  )
}

// The payload as text or tree when it is one. Never as HTML, never run.
function Payload({ item }: { item: Item }) {
  const app = useApp()
  const [text, setText] = useState<string | undefined>(undefined)
  const image = /^image\/(png|jpeg|gif|webp|avif)$/.test(item.content_type ?? '')
  useEffect(() => {
    if (!image && item.size > 0) app.api.text(app.api.itemPath(item.id)).then(setText, () => setText(undefined))
  }, [item.id])
  if (image) return <img class="max-w-full rounded-md" src={app.api.base + app.api.itemPath(item.id)} alt={item.title} />
  if (text === undefined) return null
  if (/[\u0000-\u0008]/.test(text.slice(0, 1000))) return <p class="t3">Binary, {bytes(item.size)}. Download it to look inside.</p>
  const json = parseJson(text)
  return (
    <>
      <h3 class="h3 mt-0">Payload<span class="grow" /><button class="btn ghost small" onClick={() => void app.copy(text, 'Payload')}>Copy</button></h3>
      {json === undefined
        ? <pre class="mono whitespace-pre-wrap wrap-anywhere">{text.slice(0, SHOWN)}{text.length > SHOWN ? '\n… the rest is in the download' : ''}</pre>
        : <JsonTree value={json} />}
    </>
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
