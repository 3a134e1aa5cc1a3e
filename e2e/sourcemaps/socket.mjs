// A client of the Collector's WebSocket that opens one event. Node 20 has no WebSocket of its own: this one speaks as much
// of RFC 6455 as a test needs.
import { createConnection } from 'node:net'
import { randomBytes } from 'node:crypto'

/** Opens an event and hands out its frames: next(wanted) is the next one that is as wanted. */
export async function openEvent(base, id) {
  const { hostname, port, host } = new URL(base)
  const socket = createConnection({ host: hostname, port: Number(port) })
  await new Promise((done, fail) => socket.once('connect', done).once('error', fail))
  socket.write(`GET /ws HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: spotlight.v1+json\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`)
  const frames = []
  let wake = () => {}
  let rest = Buffer.alloc(0)
  let upgraded = false
  let message = []
  let open
  const opened = new Promise((done) => (open = done))
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data])
    if (!upgraded) {
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) return
      upgraded = true
      open()
      rest = rest.subarray(end + 4)
    }
    for (;;) {
      if (rest.length < 2) return
      let length = rest[1] & 0x7f
      let at = 2
      if (length === 126) {
        if (rest.length < 4) return
        length = rest.readUInt16BE(2)
        at = 4
      } else if (length === 127) {
        if (rest.length < 10) return
        length = Number(rest.readBigUInt64BE(2))
        at = 10
      }
      if (rest.length < at + length) return
      const [first, payload] = [rest[0], rest.subarray(at, at + length)]
      rest = rest.subarray(at + length)
      if ((first & 0x0f) > 2) continue // ping, pong, close
      message.push(payload)
      if ((first & 0x80) === 0) continue
      frames.push(JSON.parse(Buffer.concat(message).toString()))
      message = []
      wake()
    }
  })
  await opened // nothing may be sent before
  send(socket, { type: 'open', event_id: id })
  return {
    /** The next frame of the event that is as wanted, within ten seconds. */
    async next(wanted = () => true) {
      const deadline = Date.now() + 10_000
      for (;;) {
        while (frames.length > 0) {
          const frame = frames.shift()
          if (frame.type === 'event' && frame.event.event_id === id && wanted(frame.event)) return frame.event
        }
        if (Date.now() > deadline) throw new Error(`no frame of event ${id} as wanted within 10 s`)
        await new Promise((done) => {
          wake = done
          setTimeout(done, 100)
        })
      }
    },
    close: () => socket.destroy(),
  }
}

/** Sends one text frame, masked as clients must. */
function send(socket, value) {
  const payload = Buffer.from(JSON.stringify(value))
  const mask = randomBytes(4)
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, payload.map((byte, i) => byte ^ mask[i % 4])]))
}
