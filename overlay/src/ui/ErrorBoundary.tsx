import { Component, type ComponentChildren } from 'preact'

/** Keeps a view that failed from taking the others with it. A new resetKey (another view) tries again. */
export class ErrorBoundary extends Component<
  { name: string; resetKey: string; onCopy: (report: string) => void; children?: ComponentChildren },
  { fault?: Error; key?: string }
> {
  static override getDerivedStateFromError(fault: unknown) {
    return { fault: fault instanceof Error ? fault : new Error(String(fault)) }
  }
  static override getDerivedStateFromProps(props: { resetKey: string }, state: { fault?: Error; key?: string }) {
    return props.resetKey === state.key ? null : { key: props.resetKey, fault: undefined }
  }
  override render() {
    const { fault } = this.state
    if (fault === undefined) return this.props.children
    const report = `otelcol-spotlight overlay: view ${this.props.name} failed\n${fault.stack ?? fault.message}`
    return (
      <div class="empty" role="alert">
        <h1 class="title">This view failed</h1>
        <p class="t2 mt-4">{fault.message}</p>
        <p class="t3 mt-4">The other views keep working, and nothing that was received is lost.</p>
        <div class="flex gap-6 mt-16">
          <button class="btn pri" onClick={() => this.setState({ fault: undefined })}>Retry</button>
          <button class="btn" onClick={() => this.props.onCopy(report)}>Copy report</button>
        </div>
      </div>
    )
  }
}
