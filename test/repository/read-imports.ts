import { readText } from '../../scripts/workspace.ts'

/** `types`: `import type`, gone at run time; `lazy`: `import()`, loaded when that line runs. */
export interface Import {
  readonly file: string
  readonly specifier: string
  readonly how: 'static' | 'types' | 'lazy'
}

const stringsAndComments =
  /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
const namedImports = /^(?:import|export)(\s+type)?\s+[\w$*\s{},]*?\bfrom\s*['"]([^'"\n]+)['"]/gm
const bareImports = /^import\s*(['"])([^'"\n]+)\1/gm
const lazyImports = /(?<!\.)\bimport\(\s*(['"`])([^'"`\n]+)\1/g

/** Every import of a source file, comments left out. TypeScript 7 has no parser to ask, so this reads the text. */
export function readImports(file: string): readonly Import[] {
  return importsOf(file, readText(file))
}

export function importsOf(file: string, text: string): readonly Import[] {
  const code = text.replaceAll(stringsAndComments, (found) => (/^\/[*/]/.test(found) ? '' : found))
  const named = [...code.matchAll(namedImports)].map(([, type, specifier = '']): Import => {
    return { file, specifier, how: type === undefined ? 'static' : 'types' }
  })
  const bare = [...code.matchAll(bareImports)].map(([, , specifier = '']): Import => {
    return { file, specifier, how: 'static' }
  })
  const lazy = [...code.matchAll(lazyImports)].map(([, , specifier = '']): Import => {
    return { file, specifier, how: 'lazy' }
  })
  return [...named, ...bare, ...lazy]
}

/** `@scope/name` or `name` of a bare specifier; undefined for relative ones. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return undefined
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
