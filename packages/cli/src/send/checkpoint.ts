import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { CliError } from '../cli-error.ts'
import type { Vendor } from '../config/vendors.ts'
import { createLineRanges, type LineRanges, type Ranges } from './line-ranges.ts'
import type { Source } from './source.ts'

interface SavedSource {
  /** SHA-256 of the first line: another file under the same name is not taken for this one. */
  readonly firstLine: string
  /** Lines whose items for the vendor are all settled. */
  readonly settled: Readonly<Partial<Record<Vendor, Ranges>>>
}
interface Saved {
  readonly version: 1
  readonly sources: Readonly<Record<string, SavedSource>>
}
/** Which lines need not be sent again, and to whom. */
export interface Checkpoint {
  /** True when there was one to go on from. */
  readonly resumed: boolean
  /** @throws {CliError} the source is another one than the checkpoint was made with */
  checkSource(source: Source, firstLine: string): void
  isSettled(source: number, line: number, vendor: Vendor): boolean
  settle(source: number, line: number, vendor: Vendor): void
  /** Writes the state; a kill leaves the old or the new file, never half of one. */
  save(): Promise<void>
}

/**
 * @param path without one nothing is read or written
 * @throws {CliError} the file is no checkpoint
 */
export function openCheckpoint(path: string | undefined, sources: readonly Source[]): Checkpoint {
  const saved = path === undefined ? undefined : readSaved(path)
  const firstLines = new Map(
    Object.entries(saved?.sources ?? {}).map(([id, { firstLine }]) => [id, firstLine]),
  )
  const settled = new Map<string, LineRanges>()
  const rangesOf = (source: number, vendor: Vendor): LineRanges => {
    const id = sources[source]?.id ?? ''
    const key = `${vendor} ${id}`
    const known = settled.get(key)
    if (known) return known
    const ranges = createLineRanges(saved?.sources[id]?.settled[vendor])
    settled.set(key, ranges)
    return ranges
  }
  let writing: Promise<void> = Promise.resolve()
  return {
    resumed: saved !== undefined,
    checkSource({ id, name }, firstLine) {
      const hash = createHash('sha256').update(firstLine).digest('hex')
      const known = firstLines.get(id)
      if (known !== undefined && known !== hash)
        throw new CliError(`${name} is not the input that ${path} was made with; name another --checkpoint`)
      firstLines.set(id, hash)
    },
    isSettled: (source, line, vendor) => rangesOf(source, vendor).has(line),
    settle: (source, line, vendor) => rangesOf(source, vendor).add(line),
    save() {
      if (path === undefined) return Promise.resolve()
      writing = writing.then(() => writeWhole(path, JSON.stringify(describe(saved, firstLines, settled))))
      return writing
    },
  }
}

/** Sources and vendors of an earlier run that this one does not touch stay as they were. */
function describe(
  saved: Saved | undefined,
  firstLines: ReadonlyMap<string, string>,
  settled: ReadonlyMap<string, LineRanges>,
): Saved {
  const sources: Record<string, SavedSource> = {}
  for (const [id, firstLine] of firstLines)
    sources[id] = { firstLine, settled: { ...saved?.sources[id]?.settled } }
  for (const [key, { ranges }] of settled) {
    const [vendor = '', ...rest] = key.split(' ')
    const id = rest.join(' ')
    const source = sources[id]
    if (source) sources[id] = { ...source, settled: { ...source.settled, [vendor]: ranges } }
  }
  return { version: 1, sources }
}

function readSaved(path: string): Saved | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ENOENT') return undefined
    throw new CliError(`${path} cannot be read (--checkpoint)`, { cause: error })
  }
  try {
    const saved = JSON.parse(text) as Partial<Saved>
    if (saved.version === 1 && typeof saved.sources === 'object') return saved as Saved
  } catch {
    // falls through to the one refusal
  }
  throw new CliError(`${path} is no checkpoint of "tripline send"`)
}

async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await writeFile(`${path}.new`, text)
    await rename(`${path}.new`, path)
  } catch (cause) {
    throw new CliError(`${path} cannot be written: ${(cause as Error).message}`, { cause })
  }
}
