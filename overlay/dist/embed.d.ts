/** The four places where the trigger can stand. */
export type Corner = 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left'

export interface Options {
  /**
   * Where the Collector is: an address, or a path of this page's server that is passed on to it ("/__spotlight").
   * Default: `<meta name="spotlight-endpoint">`, else where overlay.js came from, else http://localhost:8970.
   */
  endpoint?: string
  /** Where the trigger stands until the user moves it. Default bottom-right. */
  position?: Corner
  /** Default system, or what the user chose in the settings. */
  theme?: 'system' | 'dark' | 'light'
  /** Opens and closes the overlay from anywhere in the page; Mod is Command on a Mac, else Control. Default Mod+Shift+S, until the user chooses others in the settings. */
  shortcut?: string | false
  /** Opens by itself: when an error arrives, or at once. Default never. */
  openOn?: 'never' | 'error' | 'always'
  /** Fills the window with one error, for the error pages of frameworks. Escape shows the page below. */
  fullscreen?: boolean
  /** The error to show in fullscreen. Default: the newest unhandled one of this page's trace. */
  errorId?: string
  /** The trace this page belongs to, where neither its meta elements nor its Server-Timing header say so. */
  traceId?: string
  /** Opens files: the name of an editor (vscode, idea...), or a link with {file} {line} {column}. */
  editor?: string
  /** Paths of another machine or container, by their first part: what they are called here. */
  pathMap?: Record<string, string>
  /** Without it nothing happens in a production build. */
  force?: boolean
}

export interface Events {
  open: () => void
  close: () => void
  /** Groups of errors the user has not seen yet. */
  errors: (unseen: number) => void
}

export interface Handle {
  /** view is a path of the overlay, such as "errors" or "traces/<id>". */
  open(view?: string): void
  close(): void
  toggle(): void
  /** Takes everything away: nodes, listeners, timers, the connection. */
  destroy(): void
  /** Returns what ends it. */
  on<E extends keyof Events>(event: E, fn: Events[E]): () => void
}

/** Puts the overlay into this page; a second call returns the first one's handle. */
export declare function init(options?: Options): Handle
