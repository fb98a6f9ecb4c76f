import type { Connector, Identity, Member, Query, SegmentRef } from '@tripline/model'
import { CliError } from '../cli-error.ts'
import { isUnsupported } from './find-segment.ts'

export interface MembersOptions {
  readonly connector: Connector
  readonly segment: SegmentRef
  /** Who to ask about where a vendor lists no members. */
  readonly among: readonly Identity[]
  /** It was made just now, or will be: nobody is in it. @default false */
  readonly isNew?: boolean
  readonly signal: AbortSignal
}
/** The members a vendor names, by id. */
export interface Members {
  readonly byId: ReadonlyMap<string, Identity>
  /** People without an id of ours: another vendor cannot know them. */
  readonly withoutId: number
  /** Everybody was listed; else only the people in `among` were asked about. */
  readonly complete: boolean
}

/**
 * All members, held in memory: about 200 bytes each.
 * @throws {CliError} the vendor lists no members, and nobody is named to ask about
 */
export async function readMembers(options: MembersOptions): Promise<Members> {
  if (options.isNew) return { byId: new Map(), withoutId: 0, complete: true }
  try {
    return { ...(await collect(options, { mode: 'all', fields: [] })), complete: true }
  } catch (error) {
    if (!isUnsupported(error)) throw error
    if (options.among.length > 0)
      return { ...(await collect(options, { mode: 'ids', fields: [], who: options.among })), complete: false }
    const { connector, segment } = options
    throw new CliError(
      `${connector.vendor} does not list the members of ${segment.form} ${segment.id}: name people with --among`,
      { cause: error },
    )
  }
}

async function collect(
  { connector, segment, signal }: MembersOptions,
  query: Query,
): Promise<Omit<Members, 'complete'>> {
  const byId = new Map<string, Identity>()
  let withoutId = 0
  for await (const page of connector.segments.members(segment, query, { signal })) {
    for (const { who, member } of page.items satisfies readonly Member[]) {
      if (!member) continue
      const id = idOf(who)
      if (id === undefined) withoutId++
      else byId.set(id, who)
    }
  }
  return { byId, withoutId }
}

/** Our own id of a person, by which two vendors mean the same one. */
export const idOf = (who: Identity): string | undefined => who.userId ?? who.anonymousId
