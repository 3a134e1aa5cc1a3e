import { broken, total } from '../../lib/cart'

export const dynamic = 'force-dynamic'

export default async function Page() {
  await Promise.resolve()
  return <p>{total(broken)}</p> // the line of the page
}
