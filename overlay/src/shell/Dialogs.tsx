import { lazy } from '../ui/lazy.tsx'
import { useApp } from '../views/context.ts'

const Help = lazy('the keys', () => import('./Help.tsx').then((m) => m.Help))
const Palette = lazy('the commands', () => import('./Palette.tsx').then((m) => m.Palette))

const Connect = lazy('the first steps', () => import('./Connect.tsx').then((m) => m.Connect))

/** The one dialog that may be open. */
export function Dialogs() {
  const app = useApp()
  const close = () => {
    app.dialog.value = undefined
  }
  switch (app.dialog.value) {
    case 'help': return <Help close={close} />
    case 'commands': return <Palette close={close} />
    case 'connect': return <Connect close={close} />
    case undefined: return null
  }
}
