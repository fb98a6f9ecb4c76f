import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { Cursor, Page } from '@tripline/model'
import { CliError } from '../cli-error.ts'

/** Where a read goes on, kept in a file. */
export interface CursorFile {
  readonly saved: Cursor | undefined
  /** Call it when the page's items are stored. A read that is over and has nothing to go on from removes the file. */
  save(page: Pick<Page<unknown>, 'cursor' | 'last'>): Promise<void>
}

/**
 * @param path without one nothing is kept
 * @throws {CliError} the file holds no cursor, or one of another vendor
 */
export async function openCursor(path: string | undefined, vendor: string): Promise<CursorFile> {
  if (path === undefined) return { saved: undefined, save: async () => undefined }
  return {
    saved: await readCursor(path, vendor),
    async save({ cursor, last }) {
      if (cursor) {
        await writeFile(`${path}.new`, JSON.stringify(cursor))
        await rename(`${path}.new`, path)
      } else if (last) await rm(path, { force: true })
    },
  }
}

async function readCursor(path: string, vendor: string): Promise<Cursor | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as { readonly code?: unknown }).code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const cursor = parse(text)
  if (typeof cursor?.token !== 'string' || typeof cursor.vendor !== 'string')
    throw new CliError(`${path} holds no cursor; remove it to begin anew`)
  if (cursor.vendor !== vendor)
    throw new CliError(`${path} holds a cursor of ${cursor.vendor}, not of ${vendor}`)
  return cursor as Cursor
}

function parse(text: string): Partial<Cursor> | undefined {
  try {
    return JSON.parse(text) as Partial<Cursor>
  } catch {
    return undefined
  }
}
