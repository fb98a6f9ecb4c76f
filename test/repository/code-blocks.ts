/** A fenced block of a Markdown text. */
export interface CodeBlock {
  /** What follows the fence: `ts`, `ts run`, `sh`. */
  readonly info: string
  readonly code: string
  /** The last `## ` heading above it. */
  readonly section: string
  /** Line of the opening fence, from 1. */
  readonly line: number
}

export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = []
  let section = ''
  let open: { info: string; line: number; lines: string[] } | undefined
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = /^```(.*)$/.exec(text)
    if (open && fence) {
      blocks.push({ info: open.info, code: open.lines.join('\n'), section, line: open.line })
      open = undefined
    } else if (open) open.lines.push(text)
    else if (fence) open = { info: (fence[1] ?? '').trim(), line: index + 1, lines: [] }
    else if (text.startsWith('## ')) section = text.slice(3).trim()
  }
  return blocks
}

/** The program under `## Use` of an adapter's README. */
export function useExample(markdown: string): string {
  const block = codeBlocks(markdown).find(({ info, section }) => info.startsWith('ts') && section === 'Use')
  if (!block) throw new Error('no ts block under ## Use')
  return block.code
}

/** The lines that the program promises to print: its comments `// => …`, in order. */
export function promisedOutput(code: string): readonly string[] {
  return [...code.matchAll(/\/\/ => (.*)$/gm)].map(([, text = '']) => text.trim())
}
