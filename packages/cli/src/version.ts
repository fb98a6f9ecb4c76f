import { readFile } from 'node:fs/promises'

/** The version of this package, from its manifest, which lies above `src` and `dist` alike. */
export async function readVersion(): Promise<string> {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { readonly version: string }).version
}
