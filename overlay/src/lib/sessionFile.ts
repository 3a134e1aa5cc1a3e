// A session file, cut into parts that a Collector takes at once. Every part begins with the first line of the file and the
// lines that name processes, so that each can be read by itself.

/** Characters of a part. A Collector takes 48 MiB in one request, and a character may be three bytes. */
const PART = 8 << 20
const PROCESS = '{"resource":'

export async function* parts(file: { stream: () => ReadableStream<Uint8Array> }, size = PART): AsyncGenerator<string> {
  const reader = file.stream().getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let head = ''
  let named = ''
  let body: string[] = []
  let length = 0
  const take = (line: string) => {
    if (head === '') {
      head = `${line}\n`
      return
    }
    if (line.startsWith(PROCESS)) named += `${line}\n`
    else {
      body.push(line)
      length += line.length
    }
  }
  const give = () => {
    const text = `${head}${named}${body.join('\n')}\n`
    body = []
    length = 0
    return text
  }
  let given = false
  for (;;) {
    const { done, value } = await reader.read()
    rest += done ? decoder.decode() : decoder.decode(value, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop()!
    for (const line of done && rest !== '' ? [...lines, rest] : lines) {
      if (line.trim() !== '') take(line)
      if (length < size) continue
      given = true
      yield give()
    }
    if (done) break
  }
  if (!given || body.length > 0) yield give()
}
