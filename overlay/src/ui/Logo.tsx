import { useId } from 'preact/hooks'

/** The lamp and its beam: the one place besides the critical path where the gold appears. */
export function Logo({ size = 22 }: { size?: number }) {
  const beam = useId()
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden="true">
      <defs>
        <linearGradient id={beam} x1="0" y1="0" x2="1" y2="1">
          <stop stop-color="var(--osp-beam-1)" />
          <stop offset="1" stop-color="var(--osp-beam-2)" />
        </linearGradient>
      </defs>
      <rect width="22" height="22" rx="6" fill="var(--osp-logo-bg)" />
      <path d="M6.5 5.5h4L17 17H3.5z" fill={`url(#${beam})`} opacity=".28" />
      <circle cx="8.4" cy="6.8" r="3" fill={`url(#${beam})`} />
      <path d="M4 17.2h13" stroke="var(--osp-crit)" stroke-width="1.6" stroke-linecap="round" />
    </svg>
  )
}
