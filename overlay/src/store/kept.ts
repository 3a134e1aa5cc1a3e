/** A small map that forgets what was used longest ago. */
export interface Kept<T> {
  get: (key: string) => T | undefined
  put: (key: string, value: T) => void
}

export function createKept<T>(limit: number): Kept<T> {
  const map = new Map<string, T>()
  return {
    get: (key) => {
      const value = map.get(key)
      if (value !== undefined) {
        map.delete(key)
        map.set(key, value)
      }
      return value
    },
    put: (key, value) => {
      map.delete(key)
      map.set(key, value)
      if (map.size > limit) map.delete(map.keys().next().value!)
    },
  }
}
