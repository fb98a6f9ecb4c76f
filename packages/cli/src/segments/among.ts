import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Identity } from '@tripline/model'

/** A file of userIds, one a line, taken as they are. No file, no people. */
export async function readAmong(file: string | undefined, folder: string): Promise<readonly Identity[]> {
  if (file === undefined) return []
  const text = await readFile(resolve(folder, file), 'utf8')
  return text
    .split(/\r?\n/)
    .filter((userId) => userId !== '')
    .map((userId) => ({ userId }))
}
