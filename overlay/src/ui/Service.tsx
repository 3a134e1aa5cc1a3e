import type { ServiceMark } from '../lib/marks.ts'

/** The colour attributes of a service: spread onto the element whose parts read --c. */
export const markProps = (mark: ServiceMark) => ({ 'data-s': String(mark.colour), 'data-hatch': mark.hatch ? '' : undefined })

/** The square in the service's colour. Its name is always printed beside it. */
export function Square({ mark }: { mark: ServiceMark }) {
  return <span class="sq" {...markProps(mark)} />
}

export function ServiceChip({ name, mark }: { name: string; mark: ServiceMark }) {
  return <span class="chip svc" title={name}><Square mark={mark} /><span class="trunc">{name}</span></span>
}
