import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import { importModule } from '../config/import-module.ts'
import { configNames, configPath, findConfig } from '../config/load-config.ts'
import { assemble, collectConfig, type OpenedDefinitions } from './assemble.ts'
import { collect, collectParts, nothingCollected, type Collected } from './collect.ts'
import { readJson } from './read-json.ts'

/** Which definitions: `--definitions FILE`, else those of `--config FILE` or of the nearest config. */
export interface DefinitionsChoice {
  readonly definitions?: string | undefined
  readonly config?: string | undefined
  readonly folder: string
}
/**
 * Reads a file of definitions. JSON holds definitions, one trigger, one segment, or a list of these. A module (`.ts`,
 * `.js`, `.mjs`) exports these, by default or by any name, a plan and a `policy`; other exports are left alone. Nothing
 * is executed but the module itself; no connector is created.
 * @throws {CliError} the file is missing, no JSON, does not load, or holds nothing of the kind
 */
export async function openDefinitions(choice: DefinitionsChoice): Promise<OpenedDefinitions> {
  if (choice.definitions === undefined) return openConfig(choice)
  const path = resolve(choice.folder, choice.definitions)
  const found = nothingCollected()
  if (/\.[cm]?[jt]s$/.test(path)) collectModule(await importModule(path), found)
  else collectJson(path, await readJson(path, 'definitions'), found)
  if (isEmpty(found)) throw new CliError(`${path} exports no trigger, segment, plan or definitions`)
  return assemble(path, found)
}

async function openConfig({ config, folder }: DefinitionsChoice): Promise<OpenedDefinitions> {
  if (config === undefined && findConfig(folder) === undefined) {
    throw new CliError(
      `no ${configNames[0]} in ${folder} or above it; name a file of triggers with --definitions FILE`,
    )
  }
  const path = configPath({ ...(config !== undefined && { path: config }), folder })
  const { default: exported } = await importModule(path)
  const found = collectConfig(exported)
  if (isEmpty(found)) {
    throw new CliError(`${path} has no triggers and no segments; add them, or give --definitions FILE`)
  }
  return assemble(path, found)
}

/** What has a `specVersion` was meant to be definitions; what is wrong in it is told by name. */
function collectJson(path: string, value: unknown, found: Collected): void {
  if (collect(value, '', found)) return
  if (typeof value !== 'object' || value === null || !('specVersion' in value)) {
    throw new CliError(`${path} holds neither definitions nor a trigger, a segment or a list of these`)
  }
  collectParts({ ...value }, '', found)
}

function collectModule(module: Readonly<Record<string, unknown>>, found: Collected): void {
  for (const [name, value] of Object.entries(module)) {
    if (name === 'policy' || name === 'plan') collectParts({ [name]: value }, '', found)
    else if (!collect(value, name, found) && name === 'default') {
      found.mistakes.push({
        path: name,
        message: 'is no trigger, segment, plan, definitions or list of these',
      })
    }
  }
}

function isEmpty(found: Collected): boolean {
  return Object.values(found).every((pieces: readonly unknown[]) => pieces.length === 0)
}
