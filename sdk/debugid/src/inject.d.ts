export interface Injected {
  code: string
  /** null when the map is inside the script */
  map: string | null
  debugId: string
  changed: boolean
}
/** Gives a script and its map one debug ID; null when there is no map. Throws when the map is not one. */
export function inject(code: string, map: string | null): Injected | null
/** The canonical form of a debug ID, '' when the text is none. */
export function normalizeId(text: string): string
/** The last valid debugId comment of a script, '' when it has none. */
export function scriptDebugId(code: string): string
