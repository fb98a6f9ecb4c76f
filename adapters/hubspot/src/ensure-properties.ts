import type { HttpResult, Session } from '@tripline/kit'
import { TriplineError, type EnsuredField, type Field } from '@tripline/model'
import type { PropertyInput } from './client.ts'
import { errorOf, type HubSpotError } from './errors.ts'
import { maxOf } from './limits.ts'
import { chunksOf } from './lookup.ts'
import { answerOf } from './profile-rows.ts'
import { propertyGroup, type Wish } from './property-wishes.ts'
import type { HubSpotTools } from './tools.ts'

export type ObjectType = 'contacts' | 'companies'
export type Did = Pick<EnsuredField, 'did' | 'note'>
export interface RawProperty {
  readonly name: string
  readonly type: string
  readonly fieldType: string
  readonly hasUniqueValue?: boolean
  readonly modificationMetadata?: { readonly readOnlyValue?: boolean }
}

/** All of them: HubSpot does not page properties. */
export async function readProperties(
  { client }: HubSpotTools,
  session: Session,
  of: ObjectType,
): Promise<readonly RawProperty[]> {
  const answer = answerOf(await client.readProperties(session, of))
  return (answer.json() as { readonly results?: readonly RawProperty[] }).results ?? []
}

/**
 * Makes the missing ones, in our group.
 * @param done takes what became of each field
 * @throws {TriplineError} a property that the connector itself needs cannot be had
 */
export async function ensureProperties(
  tools: HubSpotTools,
  session: Session,
  of: ObjectType,
  wishes: readonly Wish[],
  done: Map<Field, Did>,
): Promise<void> {
  const known = byName(await readProperties(tools, session, of))
  const missing = new Map<string, PropertyInput>()
  for (const { input } of wishes) if (!known.has(input.name)) missing.set(input.name, input)
  const made = await makeProperties(tools, session, of, [...missing.values()])
  // A name that somebody else took in between is looked at again.
  const isLate = [...made.values()].some(({ did }) => did === 'taken')
  const later = isLate ? byName(await readProperties(tools, session, of)) : known
  for (const { input, field } of wishes) {
    const there = known.get(input.name) ?? later.get(input.name)
    const did = there ? existing(input, there) : (made.get(input.name) ?? taken)
    if (field) done.set(field, did.did === 'taken' ? { did: 'refused', note: did.note } : (did as Did))
    else if (did.did === 'refused' || did.did === 'taken')
      throw new TriplineError('hubspot', {
        code: 'conflict',
        message: `the ${of} property "${input.name}", which the connector needs, cannot be had: ${did.note}`,
      })
  }
}
const byName = (list: readonly RawProperty[]): ReadonlyMap<string, RawProperty> =>
  new Map(list.map((property) => [property.name, property]))

function existing(input: PropertyInput, there: RawProperty): Did {
  if (there.modificationMetadata?.readOnlyValue) return { did: 'refused', note: 'HubSpot sets it itself' }
  if (there.type !== input.type)
    return {
      did: 'refused',
      note: `HubSpot holds it as ${there.type}, not ${input.type}; changing a type can lose values: rename the field`,
    }
  if (input.hasUniqueValue && !there.hasUniqueValue)
    return {
      did: 'refused',
      note: 'it is there, but not unique, which cannot be changed: choose another name',
    }
  return { did: 'exists', note: `HubSpot holds it as ${there.type}` }
}

interface Made {
  readonly did: Did['did'] | 'taken'
  readonly note: string
}
const taken: Made = {
  did: 'taken',
  note: 'the name is taken, perhaps by an archived property: restore or rename it',
}

async function makeProperties(
  tools: HubSpotTools,
  session: Session,
  of: ObjectType,
  inputs: readonly PropertyInput[],
): Promise<ReadonlyMap<string, Made>> {
  const made = new Map<string, Made>()
  if (inputs.length === 0) return made
  await ensureGroup(tools, session, of)
  for (const chunk of chunksOf(inputs, maxOf('batch.items'))) {
    const result = await tools.client.createProperties(session, of, chunk)
    const errors = errorsByName(result)
    for (const input of chunk) {
      const error = errors.get(input.name)
      const isTaken = error?.category === 'OBJECT_ALREADY_EXISTS' || error?.category === 'CONFLICT'
      if (isTaken) made.set(input.name, taken)
      else if (error) made.set(input.name, { did: 'refused', note: String(error.message) })
      else made.set(input.name, { did: session.dryRun ? 'planned' : 'created', note: noteOf(of, input) })
    }
  }
  return made
}
function noteOf(of: ObjectType, { name, type, options }: PropertyInput): string {
  const isEmpty = type === 'enumeration' && options?.length === 0
  const then = isEmpty ? '; HubSpot refuses values that are not among its options: add them there' : ''
  return `${of} property ${name}${then}`
}

/** A refused row names itself in its context; a refusal of the whole is everybody's. */
function errorsByName(result: HttpResult): ReadonlyMap<string, HubSpotError> {
  if (result.kind === 'refused' && result.answer?.status === 409)
    return new Map([['*', errorOf(result.answer)]])
  const errors = new Map<string, HubSpotError>()
  const body = errorOf(answerOf(result)) as { readonly errors?: readonly HubSpotError[] }
  for (const error of body.errors ?? [])
    for (const name of error.context?.['name'] ?? []) errors.set(name, error)
  return errors
}

async function ensureGroup({ client }: HubSpotTools, session: Session, of: ObjectType): Promise<void> {
  const parameters = { objectType: of }
  const answer = await session.read(
    client.request('GET /crm/properties/{objectType}/groups', {
      purpose: 'schema',
      repeat: 'read',
      parameters,
    }),
  )
  const { results = [] } = answer.json() as { readonly results?: readonly { readonly name: string }[] }
  if (results.some(({ name }) => name === propertyGroup)) return
  const body = JSON.stringify({ name: propertyGroup, label: 'Tripline' })
  const result = await session.request(
    client.request('POST /crm/properties/{objectType}/groups', {
      purpose: 'schema',
      repeat: 'natural',
      parameters,
      body,
    }),
  )
  if (result.kind === 'refused' && result.fault.code === 'conflict') return // made by somebody else in between
  answerOf(result)
}
