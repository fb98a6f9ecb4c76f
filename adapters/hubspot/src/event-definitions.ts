import type { HttpResult, Session } from '@tripline/kit'
import type { HubSpotClient } from './client.ts'
import type { HubSpotOptions } from './options.ts'

/** How long a definition is believed, and how long one stays missing. */
const ttl = { knownMs: 600_000, missingMs: 60_000 } as const
const pageSize = 100
const missing = '-'

/** Type of a property of an event; an enumeration lists its options. */
export type EventPropertyType = 'string' | 'number' | 'datetime' | readonly string[]
export interface EventDefinition {
  /** What a send names: `pe{portal}_{name}`. */
  readonly fullName: string
  readonly properties: Readonly<Record<string, EventPropertyType>>
}
export interface RawEventDefinition {
  readonly name: string
  readonly fullyQualifiedName: string
  readonly objectTypeId?: string
  readonly labels?: { readonly singular?: string }
  readonly properties?: readonly {
    readonly name: string
    readonly type: string
    readonly options?: readonly { readonly value: string }[]
  }[]
}
type NotOk = Exclude<HttpResult, { readonly kind: 'ok' }>
export type Definitions =
  | { readonly kind: 'found'; readonly byName: ReadonlyMap<string, EventDefinition> }
  | { readonly kind: 'failed'; readonly result: NotOk }

/** Event definitions by internal name, full name or type id; kept in the host's cache. */
export interface EventDefinitions {
  find(names: ReadonlySet<string>, session: Session): Promise<Definitions>
  /** After a definition was made or refused. */
  forget(names: readonly string[], session: Session): Promise<void>
}

export function createEventDefinitions(options: HubSpotOptions, client: HubSpotClient): EventDefinitions {
  const prefix = `hubspot:${options.portalId ?? ''}:event:`
  const parsed = new Map<string, { readonly text: string; readonly definition: EventDefinition }>()
  const listing = new WeakMap<Session, Promise<readonly RawEventDefinition[] | NotOk>>()

  const parse = (name: string, text: string): EventDefinition => {
    const known = parsed.get(name)
    if (known?.text === text) return known.definition
    const definition = JSON.parse(text) as EventDefinition
    parsed.set(name, { text, definition })
    return definition
  }
  /** Everybody who asks within one call shares one listing. */
  const list = (session: Session): Promise<readonly RawEventDefinition[] | NotOk> => {
    const running = listing.get(session) ?? listEventDefinitions(client, session)
    listing.set(session, running)
    void running.finally(() => listing.delete(session)).catch(() => undefined)
    return running
  }
  return {
    forget: (names, session) => session.cache.set(new Map(names.map((name) => [prefix + name, ''])), 1),
    async find(names, session) {
      const byName = new Map<string, EventDefinition>()
      const cached = await session.cache.get([...names].map((name) => prefix + name))
      for (const [key, text] of cached)
        if (text !== missing) byName.set(key.slice(prefix.length), parse(key.slice(prefix.length), text))
      const unknown = [...names].filter((name) => !cached.has(prefix + name))
      if (unknown.length === 0) return { kind: 'found', byName }
      const rows = await list(session)
      if ('kind' in rows) return { kind: 'failed', result: rows }
      const texts = textsOf(rows)
      await session.cache.set(new Map([...texts].map(([name, text]) => [prefix + name, text])), ttl.knownMs)
      const absent = unknown.filter((name) => !texts.has(name))
      if (absent.length > 0 && !session.dryRun)
        await session.cache.set(new Map(absent.map((name) => [prefix + name, missing])), ttl.missingMs)
      for (const name of unknown) {
        const text = texts.get(name)
        if (text !== undefined) byName.set(name, parse(name, text))
      }
      return { kind: 'found', byName }
    },
  }
}

/** All definitions with their properties. */
export async function listEventDefinitions(
  client: HubSpotClient,
  session: Session,
): Promise<readonly RawEventDefinition[] | NotOk> {
  const rows: RawEventDefinition[] = []
  for (let after: string | undefined = ''; after !== undefined;) {
    const query = `includeProperties=true&limit=${pageSize}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`
    const result: HttpResult = await session.request(
      client.request('GET /events/event-definitions', { purpose: 'schema', repeat: 'read', query }),
    )
    if (result.kind !== 'ok') return result
    const body = result.answer.json() as {
      readonly results?: readonly RawEventDefinition[]
      readonly paging?: { readonly next?: { readonly after?: string } }
    }
    rows.push(...(body.results ?? []))
    after = body.paging?.next?.after
  }
  return rows
}

/** Each definition as JSON, under each of its names. */
function textsOf(rows: readonly RawEventDefinition[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const row of rows) {
    const definition: EventDefinition = {
      fullName: row.fullyQualifiedName,
      properties: Object.fromEntries(
        (row.properties ?? []).map(({ name, type, options = [] }) => [
          name,
          type === 'enumeration'
            ? options.map(({ value }) => value)
            : type === 'number' || type === 'datetime'
              ? type
              : 'string',
        ]),
      ),
    }
    const text = JSON.stringify(definition)
    for (const name of [row.name, row.fullyQualifiedName, row.objectTypeId]) if (name) texts.set(name, text)
  }
  return texts
}
