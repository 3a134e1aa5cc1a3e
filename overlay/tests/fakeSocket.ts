/** A WebSocket under the test's control. */
export class FakeSocket {
  static readonly all: FakeSocket[] = []
  static open = (): WebSocket => {
    const socket = new FakeSocket()
    FakeSocket.all.push(socket)
    return socket as unknown as WebSocket
  }
  readyState = 0
  protocol = ''
  closed = false
  readonly sent: unknown[] = []
  onopen?: () => void
  onmessage?: (event: { data: string }) => void
  onclose?: () => void

  accept(protocol = 'spotlight.v1+json') {
    this.readyState = 1
    this.protocol = protocol
    this.onopen?.()
  }
  say(frame: object) {
    this.raw(JSON.stringify(frame))
  }
  raw(data: string) {
    this.onmessage?.({ data })
  }
  drop() {
    this.readyState = 3
    this.onclose?.()
  }
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {
    this.closed = true
    this.readyState = 3
    this.onclose?.()
  }
}
