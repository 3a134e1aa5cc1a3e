import { Sheet } from '../ui/Sheet.tsx'
import { Snippets } from '../views/parts/FirstRun.tsx'

/** How to point another SDK here, while others send already. */
export function Connect({ close }: { close: () => void }) {
  return (
    <Sheet label="Point an SDK here" close={close} class="wide">
      <h2 class="text-15 mb-4">Point an SDK here</h2>
      <p class="t2">What it sends appears in the lists by itself.</p>
      <div class="snips"><Snippets /></div>
    </Sheet>
  )
}
