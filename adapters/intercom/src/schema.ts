import type { HttpResult, Session } from '@tripline/kit'
import {
  TriplineError,
  type Call,
  type Connector,
  type EnsuredField,
  type Field,
  type FieldType,
  type VendorField,
} from '@tripline/model'
import {
  createAttributeDefinitions,
  type AttributeModel,
  type ListedAttribute,
} from './attribute-definitions.ts'
import type { Ask, IntercomClient } from './client.ts'
import { maxOf } from './limits.ts'
import type { AttributeType } from './mapping/attributes.ts'
import { createProfileMapper, type ProfileMapper } from './mapping/profiles.ts'
import type { IntercomOptions } from './options.ts'

const models = { user: 'contact', group: 'company' } as const
/** Intercom's type → ours; its dates are Unix seconds, so moments. */
const canonicalTypes: Readonly<Record<AttributeType, FieldType>> = {
  string: 'string',
  integer: 'integer',
  float: 'number',
  boolean: 'boolean',
  date: 'instant',
  datetime: 'instant',
}
/** Our type → the attribute to create. Money and objects are flattened, so only their parts are attributes. */
const vendorTypes: Readonly<Partial<Record<FieldType, AttributeType>>> = {
  string: 'string',
  number: 'float',
  integer: 'integer',
  boolean: 'boolean',
  date: 'date',
  instant: 'date',
  strings: 'string',
}
interface Context {
  readonly client: IntercomClient
  readonly session: Session
  readonly profiles: Readonly<Record<'user' | 'group', ProfileMapper>>
}
const ask: Ask = { purpose: 'schema', repeat: 'read', ability: 'schema' }

/** Custom attributes of contacts and companies. Events' properties come into being with their first event. */
export function createSchema(options: IntercomOptions, client: IntercomClient): Connector['schema'] {
  const profiles = { user: createProfileMapper(options), group: createProfileMapper(options, 'group') }
  const definitions = createAttributeDefinitions(client)
  return {
    async read(call?: Call) {
      const session = client.transport.session(call)
      try {
        const listed = await listAttributes({ client, session, profiles })
        return listed.filter(({ archived }) => archived !== true).flatMap((one) => toField(one, profiles))
      } finally {
        session.close()
      }
    },
    async ensure(fields, call) {
      const session = client.transport.session(call)
      try {
        const context: Context = { client, session, profiles }
        const listed = session.dryRun ? [] : [...(await listAttributes(context))]
        const ensured: EnsuredField[] = []
        for (const field of fields) ensured.push(await ensureField(context, field, listed))
        for (const model of Object.values(models)) await definitions.forget(model, session)
        return ensured
      } finally {
        session.close()
      }
    },
  }
}

async function listAttributes({ client, session }: Context): Promise<readonly ListedAttribute[]> {
  const lists: (readonly ListedAttribute[])[] = []
  for (const model of Object.values(models)) {
    const result = await client.call(session, 'GET /data_attributes', ask, (sdk) =>
      sdk.dataAttributes.list({ model, include_archived: true }),
    )
    if (result.kind !== 'ok') throw new TriplineError('intercom', result.fault)
    lists.push((result.answer.json() as { readonly data: readonly ListedAttribute[] }).data)
  }
  return lists.flat()
}

function toField(listed: ListedAttribute, profiles: Context['profiles']): readonly VendorField[] {
  const of = listed.model === 'contact' ? 'user' : listed.model === 'company' ? 'group' : undefined
  if (!of) return []
  const vendorName = listed.custom ? listed.name : listed.full_name
  return [
    {
      of,
      name: profiles[of].canonicalName(vendorName),
      type: canonicalTypes[listed.data_type] ?? 'string',
      vendorName,
      writable: listed.api_writable ?? false,
    },
  ]
}

async function ensureField(context: Context, field: Field, listed: ListedAttribute[]): Promise<EnsuredField> {
  if (field.of === 'event')
    return {
      field,
      did: 'implicit',
      note: 'comes into being with its first event; at most 10 per event name',
    }
  const { name, custom } = context.profiles[field.of].vendorName(field.name)
  if (!custom) return { field, did: 'exists', note: `Intercom's own field ${name}` }
  const type = vendorTypes[field.type]
  if (!type)
    return {
      field,
      did: 'refused',
      note: `Intercom holds no ${field.type}: it is written flat, so declare its parts (${name}_…)`,
    }
  const model = models[field.of]
  const known = listed.find(
    (one) => one.custom && one.model === model && one.name.toLowerCase() === name.toLowerCase(),
  )
  if (known && known.archived !== true) return compare(field, known, type)
  if (context.session.dryRun) return plan(context, field, name, model, type)
  if (known) return revive(context, field, known, type)
  return create(context, field, { name, model, type }, listed)
}

function compare(field: Field, known: ListedAttribute, type: AttributeType): EnsuredField {
  const isText = known.data_type === 'string'
  if (known.data_type === type || (type === 'integer' && known.data_type === 'float')) {
    const { options } = known
    const note =
      options && options.length > 0
        ? `takes only its ${options.length} options`
        : `of type ${known.data_type}`
    return { field, did: 'exists', note: `"${known.name}" ${note}` }
  }
  return {
    field,
    did: 'refused',
    note: `"${known.name}" is of type ${known.data_type}, not ${type}, and a type never changes: ${isText ? 'values would be written as text' : 'values would be refused'}; use another name (option fieldNames)`,
  }
}

async function revive(
  { client, session }: Context,
  field: Field,
  known: ListedAttribute,
  type: AttributeType,
): Promise<EnsuredField> {
  if (known.data_type !== type)
    return {
      field,
      did: 'refused',
      note: `"${known.name}" is archived as ${known.data_type}, and its name stays taken: use another name (option fieldNames)`,
    }
  const result = await client.call(
    session,
    'PUT /data_attributes/{data_attribute_id}',
    { ...ask, repeat: 'natural' },
    (sdk) =>
      sdk.dataAttributes.update({
        data_attribute_id: known.id ?? 0,
        body: { archived: false },
      }),
  )
  return settle(field, result, `"${known.name}" was archived and is brought back`)
}

async function create(
  context: Context,
  field: Field,
  {
    name,
    model,
    type,
  }: { readonly name: string; readonly model: AttributeModel; readonly type: AttributeType },
  listed: ListedAttribute[],
): Promise<EnsuredField> {
  const other = listed.find(
    (one) => one.custom && one.model !== model && one.name.toLowerCase() === name.toLowerCase(),
  )
  if (other)
    return {
      field,
      did: 'refused',
      note: `the name "${name}" is taken by a ${other.model} attribute, and names are unique across both: use another name (option fieldNames)`,
    }
  const max = maxOf('attribute.names')
  const live = listed.filter((one) => one.custom && one.model === 'contact' && one.archived !== true)
  if (model === 'contact' && live.length >= max)
    return { field, did: 'refused', note: `Intercom keeps ${max} attributes of people: archive some first` }
  const result = await post(context, name, model, type)
  if (result.kind === 'ok')
    listed.push({ name, full_name: `custom_attributes.${name}`, model, data_type: type, custom: true })
  return settle(field, result, `created as ${type}`)
}

async function plan(
  context: Context,
  field: Field,
  name: string,
  model: AttributeModel,
  type: AttributeType,
): Promise<EnsuredField> {
  await post(context, name, model, type)
  return { field, did: 'planned', note: `would be created as ${type}, unless it is there` }
}

function post(
  { client, session }: Context,
  name: string,
  model: AttributeModel,
  type: AttributeType,
): Promise<HttpResult> {
  // The SDK's types know neither name nor model here, though both are required.
  return client.call(session, 'POST /data_attributes', { ...ask, repeat: 'natural' }, (sdk) =>
    sdk.dataAttributes.create({ name, model, data_type: type } as unknown as Parameters<
      typeof sdk.dataAttributes.create
    >[0]),
  )
}

function settle(field: Field, result: HttpResult, note: string): EnsuredField {
  if (result.kind === 'ok') return { field, did: 'created', note }
  if (result.kind === 'refused') return { field, did: 'refused', note: result.fault.message }
  throw new TriplineError('intercom', result.fault)
}
