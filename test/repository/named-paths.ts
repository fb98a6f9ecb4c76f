import { existsSync, globSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root, vendors } from '../../scripts/workspace.ts'

/**
 * The paths that a Markdown text names: links, and code that begins with a folder of the root or is a file there.
 * `{a,b}` and `<vendor>` stand for several; a `*` is replaced by what it finds, or kept if that is nothing.
 */
export function namedPaths(markdown: string): readonly string[] {
  const folders = new Set([...topLevelFolders(), 'docs', 'bench', 'examples'])
  const text = markdown.replaceAll(/^```[\s\S]*?^```$/gm, '')
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, path = '']) => path)
  const code = [...text.matchAll(/`([^`\s]+)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => folders.has(path.split('/')[0] ?? '') && path.includes('/'))
  return [...new Set([...links, ...code])].flatMap(expandPlaceholders).flatMap(expandStars)
}

function topLevelFolders(): readonly string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => entry.name)
}

function expandPlaceholders(path: string): readonly string[] {
  if (path.includes('<vendor>'))
    return vendors.flatMap((vendor) => expandPlaceholders(path.replaceAll('<vendor>', vendor)))
  const braces = /\{([^{}]*)\}/.exec(path)
  if (!braces) return [path]
  return (braces[1] ?? '').split(',').flatMap((choice) => expandPlaceholders(path.replace(braces[0], choice)))
}

function expandStars(path: string): readonly string[] {
  if (!path.includes('*') || existsSync(join(root, path))) return [path]
  const found = globSync(path, { cwd: root })
  return found.length > 0 ? found : [path]
}
