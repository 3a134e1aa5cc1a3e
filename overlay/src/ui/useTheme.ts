import { useEffect, useState } from 'preact/hooks'

export interface Theme {
  /** Service colours, 1 to 8. */
  services: string[]
  err: string
  crit: string
  text: string
  strong: string
  accent: string
  font: string
}

/** The tokens as canvas code needs them, read from the host once per theme. */
export function useTheme(inside: { current: HTMLElement | null }): Theme | undefined {
  const [theme, setTheme] = useState<Theme | undefined>(undefined)
  useEffect(() => {
    const root = inside.current?.getRootNode()
    if (!(root instanceof ShadowRoot)) return
    const { host } = root
    const read = () => {
      const style = getComputedStyle(host)
      const token = (name: string) => style.getPropertyValue(`--osp-${name}`).trim()
      setTheme({
        services: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => token(`s${n}`)), err: token('err-solid'), crit: token('crit'), text: token('tx-3'), strong: token('tx-1'), accent: token('accent'), font: token('font-ui'),
      })
    }
    read()
    const observer = new MutationObserver(read)
    observer.observe(host, { attributes: true, attributeFilter: ['data-theme'] })
    return () => observer.disconnect()
  }, [])
  return theme
}
