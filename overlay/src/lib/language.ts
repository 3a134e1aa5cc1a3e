// Which language a source file is in, and what a highlighter has to say about it.

export interface Token { text: string; kind: '' | 'key' | 'str' | 'num' | 'fn' | 'com' }

const BY_EXTENSION: { [extension: string]: string } = {
  go: 'go', py: 'python', js: 'javascript', mjs: 'javascript', cjs: 'javascript', jsx: 'javascript', ts: 'typescript', tsx: 'typescript', mts: 'typescript',
  vue: 'typescript', svelte: 'typescript', rb: 'ruby', php: 'php', java: 'java', kt: 'kotlin', cs: 'csharp', rs: 'rust', c: 'c', h: 'c', cpp: 'cpp', cc: 'cpp',
  swift: 'swift', sql: 'sql',
}
const BY_PLATFORM: { [platform: string]: string } = {
  go: 'go', python: 'python', javascript: 'javascript', node: 'javascript', ruby: 'ruby', php: 'php', java: 'java', csharp: 'csharp', rust: 'rust',
}

export function languageOf(file: string, platform: string | undefined): string | undefined {
  const extension = /\.([a-z]+)(?:[?#].*)?$/i.exec(file)?.[1]?.toLowerCase()
  return (extension === undefined ? undefined : BY_EXTENSION[extension]) ?? (platform === undefined ? undefined : BY_PLATFORM[platform])
}
