// The page the Collector serves at its own port: the overlay owns the URL, the title and the icon.
import { addFont } from './font.ts'
import { mount } from './mount.tsx'
import { Page } from './Page.tsx'
import { followUnseen } from './tabIcon.ts'

await addFont()

const host = document.createElement('otelcol-spotlight')
for (const [name, value] of [['position', 'fixed'], ['inset', '0'], ['display', 'block']] as const) host.style.setProperty(name, value)
document.body.append(host)

const { app } = mount(host, { endpoint: location.origin, mode: 'url' }, window, <Page />)

followUnseen(app, host)
