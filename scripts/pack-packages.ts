import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { runCommand, runPnpm } from './run-command.ts'
import { publishedPackages, root } from './workspace.ts'

/** Package name → absolute path of its tarball. */
export type Tarballs = ReadonlyMap<string, string>

/** Builds every published package and packs it with pnpm, as a release would, into `destination`. */
export async function packPackages(destination: string): Promise<Tarballs> {
  await build()
  const packed = await runPnpm(['-r', 'pack', '--pack-destination', destination])
  const tarballs = new Map(
    publishedPackages().map(({ manifest }) => [
      manifest.name,
      join(destination, `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`),
    ]),
  )
  const missing = [...tarballs.values()].filter((path) => !existsSync(path))
  if (packed.code !== 0 || missing.length > 0)
    throw new Error(`pnpm pack failed (missing: ${missing.join(', ') || 'none'})\n${packed.output}`)
  return tarballs
}

/**
 * `tsc -b` trusts its own notes: it neither removes the output of a deleted source nor notices a deleted output.
 * A tarball must hold exactly what the sources say.
 */
async function build(): Promise<void> {
  const packages = publishedPackages()
  for (const { folder } of packages) removeStaleOutputs(folder)
  const folders = packages.map(({ folder }) => folder)
  const complete = () => folders.every((folder) => sourceNames(folder).every((name) => isBuilt(folder, name)))
  const first = await runCommand('tsc', ['-b', ...folders])
  const last =
    first.code === 0 && !complete() ? await runCommand('tsc', ['-b', '--force', ...folders]) : first
  if (last.code !== 0) throw new Error(`the packages do not compile\n${last.output}`)
}

/** Paths below `src` without their ending, tests left out. */
function sourceNames(folder: string): readonly string[] {
  return filesBelow(`${folder}/src`)
    .filter((path) => path.endsWith('.ts') && !/\.test(?:-d)?\.ts$/.test(path))
    .map((path) => path.slice(0, -'.ts'.length))
}

function isBuilt(folder: string, name: string): boolean {
  return existsSync(join(root, folder, 'dist', `${name}.js`))
}

function removeStaleOutputs(folder: string): void {
  const names = new Set(sourceNames(folder))
  for (const output of filesBelow(`${folder}/dist`))
    if (!names.has(output.replace(/(?:\.d\.ts|\.js)(?:\.map)?$/, '')))
      rmSync(join(root, folder, 'dist', output))
}

function filesBelow(folder: string): readonly string[] {
  const base = join(root, folder)
  if (!existsSync(base)) return []
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(base, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
}
