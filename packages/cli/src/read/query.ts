import { readInstant, type Cursor, type Identity, type Instant } from '@tripline/model'
import { CliError } from '../cli-error.ts'
import type { Arguments } from '../define-command.ts'

/** How a read chooses people; exactly one of the three ways. */
export const queryArguments = {
  ids: { type: 'string', placeholder: 'a,b', help: 'these userIds' },
  id: {
    type: 'string',
    repeat: true,
    placeholder: 'ID',
    help: 'one userId, which may hold commas; may be given several times',
  },
  since: {
    type: 'string',
    placeholder: 'INSTANT',
    help: 'who changed since then, e.g. 2026-11-01T00:00:00Z',
  },
  all: { type: 'boolean', help: 'everybody' },
} as const satisfies Arguments

export interface QueryValues {
  readonly ids: string | undefined
  readonly id: readonly string[]
  readonly since: string | undefined
  readonly all: boolean
}
export type QueryMode =
  | { readonly mode: 'ids'; readonly who: readonly Identity[] }
  | { readonly mode: 'since'; readonly from: Instant | Cursor }
  | { readonly mode: 'all'; readonly resume?: Cursor }

/**
 * The query that the arguments ask for; a saved cursor wins over the beginning.
 * @throws {CliError} none or several of the ways are named, or `--since` is no instant
 */
export function chooseQuery({ ids, id, since, all }: QueryValues, saved: Cursor | undefined): QueryMode {
  const userIds = [...(ids?.split(',').filter((each) => each !== '') ?? []), ...id]
  const named = [userIds.length > 0, since !== undefined, all].filter(Boolean).length
  if (named !== 1) throw new CliError('say one of --ids (or --id), --since, --all')
  if (userIds.length > 0) return { mode: 'ids', who: userIds.map((userId) => ({ userId })) }
  if (since === undefined) return saved ? { mode: 'all', resume: saved } : { mode: 'all' }
  const read = readInstant(since)
  if (!read.ok) throw new CliError(`--since ${since}: ${read.message}`)
  return { mode: 'since', from: saved ?? read.at }
}
