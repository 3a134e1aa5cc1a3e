import { Copy } from 'lucide-preact'
import { fixes, type Unmapped as Reason } from '../../lib/unmapped.ts'
import { Icon } from '../../ui/Icon.tsx'
import { useApp } from '../context.ts'

/** What to do about frames that are not mapped: texts to paste. Comes with a chunk of its own. */
export function HowToFix({ reason }: { reason: Reason }) {
  const app = useApp()
  return (
    <ol class="fixes">
      {fixes(reason, app.api.base).map((fix, i) => (
        <li key={i}>
          <p class="first-letter:uppercase">{i > 0 && <span class="t3">or </span>}{fix.what}</p>
          {fix.paste !== undefined && (
            <div class="paste">
              <pre tabIndex={0} role="region" aria-label={fix.paste.where} class="scroll">{fix.paste.text}</pre>
              <span class="t3 text-11">{fix.paste.where}</span>
              <button class="btn ghost icon small" aria-label={`Copy: ${fix.what}`} title="Copy" onClick={() => void app.copy(fix.paste!.text, 'Text')}><Icon of={Copy} size={12} /></button>
            </div>
          )}
        </li>
      ))}
    </ol>
  )
}
