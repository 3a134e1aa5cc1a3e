import { ChevronDown } from 'lucide-preact'
import { Icon } from '../../ui/Icon.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { useApp } from '../context.ts'

/** Pages to choose from: the newest. */
const LISTED = 10

/** Narrows a list to one page of the browser: a chip while it does, else a menu of the pages that were seen. */
export function PageFilter() {
  const app = useApp()
  const page = app.place.value.params['page']
  if (page !== undefined) return <button class="chip ok" title={`Only what ${page} caused. Show all`} onClick={() => app.setParams({ page: '' })}>{pathOf(page)} ✕</button>
  const pages = [...new Set(app.feed.lists.traces.value.flatMap((t) => t.url ?? []))].slice(0, LISTED)
  if (pages.length === 0) return null
  return <Menu name="Only what one page of the browser caused" label={<>Page<Icon of={ChevronDown} size={12} class="t3" /></>} items={pages.map((url) => ({ label: pathOf(url), run: () => app.setParams({ page: url }) }))} />
}

function pathOf(url: string): string {
  try {
    const { host, pathname, search } = new URL(url)
    return `${host}${pathname}${search}`.slice(0, 60)
  } catch {
    return url.slice(0, 60)
  }
}
