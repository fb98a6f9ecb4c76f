import { readdirSync, readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'

/** Absolute path of the repository's root. */
export const root = join(import.meta.dirname, '..')

export const vendors = ['segment', 'mixpanel', 'hubspot', 'braze', 'intercom'] as const
export type Vendor = (typeof vendors)[number]

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}
export interface WorkspacePackage {
  /** Relative to the root, with forward slashes: `adapters/braze`. */
  readonly folder: string
  readonly manifest: Manifest
}

/** Every package that is published: `packages/*` and `adapters/*`. */
export function publishedPackages(): readonly WorkspacePackage[] {
  return ['packages', 'adapters'].flatMap((parent) =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(root, parent, entry.name, 'package.json')))
      .map((entry) => ({
        folder: `${parent}/${entry.name}`,
        manifest: JSON.parse(
          readFileSync(join(root, parent, entry.name, 'package.json'), 'utf8'),
        ) as Manifest,
      })),
  )
}

const notOurs = new Set(['node_modules', 'dist', '.git', 'coverage', '.tripline'])
const generated = /\.(?:tsbuildinfo|log|tgz)$/

/** Every file that belongs to the repository, relative to the root; works without git too. */
export function repositoryFiles(folder = ''): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !notOurs.has(entry.name) && !generated.test(entry.name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      return entry.isDirectory() ? repositoryFiles(path) : entry.isFile() ? [path] : []
    })
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
