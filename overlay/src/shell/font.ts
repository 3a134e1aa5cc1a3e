// Inter, for the page the Collector serves itself. A style sheet of a shadow root cannot declare a font, and nothing is
// written into the page, so it is added by script; an overlay inside a host page keeps to the fonts of the system.
import inter from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'

/** Milliseconds the first paint may wait for the font: it comes from this machine, and late is better than a jump. */
const PATIENCE = 120

export async function addFont(): Promise<void> {
  const font = new FontFace('Inter', `url(${inter})`, { weight: '100 900' })
  const loaded = font.load().then((face) => void document.fonts.add(face), () => undefined) // without it the system's face is used
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, PATIENCE))])
}
