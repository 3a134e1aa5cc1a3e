// Shapes as loose as the wire's: the fixtures are JSON.
type Any = any // eslint-disable-line @typescript-eslint/no-explicit-any
export const TRACE: string
export function checkoutTrace(t0?: number): { summary: Any; trace: Any; logs: Any[] }
export function errorSummary(t0?: number): Any
export function errorEvent(t0?: number): Any
export function issues(now?: number): Any[]
export function services(now?: number): Any[]
export function items(now?: number): Any[]
export function metrics(now?: number): Any[]
export function status(storeId: string, seq: number, empty: boolean, now?: number): Any
export function hugeTrace(n?: number, t0?: number): { summary: Any; trace: Any }
