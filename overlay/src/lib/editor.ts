// Links that open a file in an editor.

const EDITORS: { [name: string]: string } = {
  vscode: 'vscode://file/{file}:{line}:{column}',
  cursor: 'cursor://file/{file}:{line}:{column}',
  idea: 'idea://open?file={file}&line={line}&column={column}',
  zed: 'zed://file/{file}:{line}:{column}',
  sublime: 'subl://open?url=file://{file}&line={line}&column={column}',
}

export const EDITOR_NAMES = Object.keys(EDITORS)

/** A link for "path:line:column", or undefined when the path is not of this machine's files. */
export function editorLink(editor: string, where: string): string | undefined {
  const m = /^(.+?)(?::(\d+))?(?::(\d+))?$/.exec(where)
  const file = m?.[1] ?? ''
  if (!/^(\/|[A-Za-z]:[\\/])/.test(file) || file.startsWith('//')) return undefined
  const template = EDITORS[editor] ?? editor
  // A template from settings may name any editor, but never a script.
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(template) || /^(javascript|data|vbscript|blob):/i.test(template)) return undefined
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/').replace(/%3A/g, ':')
  return template.replaceAll('{file}', path.replace(/^\//, template.includes('file/{file}') ? '' : '/')).replaceAll('{line}', m?.[2] ?? '1').replaceAll('{column}', m?.[3] ?? '1')
}
