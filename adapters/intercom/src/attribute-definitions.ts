import type { Session } from '@tripline/kit'
import type { Ask, IntercomClient } from './client.ts'
import type { AttributeType, Definition, Definitions } from './mapping/attributes.ts'

export type AttributeModel = 'contact' | 'company'
/** A data attribute as `GET /data_attributes` lists it. */
export interface ListedAttribute {
  readonly id?: number
  readonly name: string
  readonly full_name: string
  readonly model: string
  readonly data_type: AttributeType
  readonly options?: readonly (string | { readonly value?: unknown })[] | null
  readonly api_writable?: boolean
  readonly custom: boolean
  readonly archived?: boolean
}

/** The workspace's custom attributes, kept in the host's cache. */
export interface AttributeDefinitions {
  /**
   * @param needed names in lower case; when one of them is not in a copy older than ten seconds, it is read anew
   * @returns undefined when they cannot be read: then Intercom itself refuses what it does not know
   */
  load(model: AttributeModel, needed: readonly string[], session: Session): Promise<Definitions>
  forget(model: AttributeModel, session: Session): Promise<void>
}

/** Attributes change rarely, and a value for one that is new here makes us read again. */
const ttlMs = 300_000
const youngMs = 10_000
const ask: Ask = { purpose: 'schema', repeat: 'read', ability: 'schema' }

interface Kept {
  readonly readAtMs: number
  /** Absent: reading is forbidden. */
  readonly attributes?: readonly Definition[]
}

export function createAttributeDefinitions(client: IntercomClient): AttributeDefinitions {
  const keyOf = (model: AttributeModel): string => client.cacheKey('attributes', model)
  return {
    async load(model, needed, session) {
      if (needed.length === 0 || session.dryRun) return undefined
      const key = keyOf(model)
      const text = (await session.cache.get([key])).get(key)
      const kept = text === undefined ? undefined : (JSON.parse(text) as Kept)
      const known = kept && byName(kept)
      const isYoung = kept !== undefined && session.clock.now() - kept.readAtMs < youngMs
      if (kept && (isYoung || !known || needed.every((name) => known.has(name)))) return known
      const read = await readKept(client, model, session)
      if (!read) return known
      await session.cache.set(new Map([[key, JSON.stringify(read)]]), ttlMs)
      return byName(read)
    },
    async forget(model, session) {
      if (!session.dryRun) await session.cache.set(new Map([[keyOf(model), '']]), ttlMs)
    },
  }
}
const byName = ({ attributes }: Kept): Definitions =>
  attributes && new Map(attributes.map((definition) => [definition.name.toLowerCase(), definition]))

async function readKept(
  client: IntercomClient,
  model: AttributeModel,
  session: Session,
): Promise<Kept | undefined> {
  const result = await client.call(session, 'GET /data_attributes', ask, (sdk) =>
    sdk.dataAttributes.list({ model }),
  )
  const readAtMs = session.clock.now()
  if (result.kind === 'ok') return { readAtMs, attributes: listedIn(result.answer.json()).map(toDefinition) }
  return result.kind === 'retry' && result.fault.code === 'forbidden' ? { readAtMs } : undefined
}

/** Live custom attributes of an answer. */
const listedIn = (body: unknown): readonly ListedAttribute[] =>
  (body as { readonly data: readonly ListedAttribute[] }).data.filter(
    ({ custom, archived }) => custom && !archived,
  )

function toDefinition({ name, data_type: type, options }: ListedAttribute): Definition {
  const values = options?.map((option) => (typeof option === 'string' ? option : String(option.value)))
  return { name, type, ...(values && values.length > 0 && { options: values }) }
}
