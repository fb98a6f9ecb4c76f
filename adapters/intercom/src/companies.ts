import type { Operation, Session } from '@tripline/kit'
import type { Identity } from '@tripline/model'
import type { AttributeDefinitions } from './attribute-definitions.ts'
import type { Ask, IntercomClient } from './client.ts'
import type { Contacts, Found } from './contacts.ts'
import { errorOf } from './errors.ts'
import { asSureAs, notFound, outcomeOf, sentNothing, sentOne, stored, type Outcome } from './outcomes.ts'
import { nameAttribute } from './save-contact.ts'

export interface CompanyWrite {
  readonly companyId: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly custom: Readonly<Record<string, unknown>>
}
export interface CompanyMember {
  readonly companyId: string
  readonly who: Identity
}
const idTtlMs = 30 * 86_400_000
const write: Ask = { purpose: 'write', repeat: 'natural', ability: 'group' }

/** Creates or updates a company by your id of it; Intercom's own id goes into the cache, for attaching people. */
export function createCompanyOperation(
  client: IntercomClient,
  definitions: AttributeDefinitions,
): Operation<CompanyWrite> {
  return {
    endpoint: 'POST /companies',
    ability: 'group',
    repeat: 'natural',
    maxItems: 1,
    maxBytes: Infinity,
    frameBytes: 0,
    parallel: 8,
    async send({ values: [value] }, session) {
      if (!value) return sentNothing
      const { companyId, fields, custom } = value
      const body = {
        company_id: companyId,
        ...fields,
        ...(Object.keys(custom).length > 0 && { custom_attributes: custom }),
      }
      const result = await client.call(session, 'POST /companies', write, (sdk) =>
        sdk.companies.createOrUpdate(body),
      )
      if (result.kind === 'ok') {
        const { id } = result.answer.json() as { readonly id: string }
        await keepId(client, session, companyId, id)
        return sentOne(stored(id))
      }
      const outcome = outcomeOf(result)
      const named = outcome.status === 'dead' ? nameAttribute(outcome) : outcome
      if (named !== outcome) await definitions.forget('company', session)
      return sentOne(named)
    },
  }
}
async function keepId(
  client: IntercomClient,
  session: Session,
  companyId: string,
  id: string,
): Promise<void> {
  if (!session.dryRun)
    await session.cache.set(new Map([[client.cacheKey('company', companyId), id]]), idTtlMs)
}

/** Attaches a person to a company, both by Intercom's own ids. */
export function createAttachOperation(client: IntercomClient, contacts: Contacts): Operation<CompanyMember> {
  return {
    endpoint: 'POST /contacts/{contact_id}/companies',
    ability: 'group',
    repeat: 'natural',
    maxItems: 1,
    maxBytes: Infinity,
    frameBytes: 0,
    parallel: 8,
    async send({ values: [value] }, session) {
      if (!value) return sentNothing
      const company = await companyIdOf(client, session, value.companyId)
      const outcome =
        'outcome' in company
          ? company.outcome
          : await attach({ client, contacts, session }, value, company.id)
      return sentOne(outcome)
    },
  }
}

async function companyIdOf(
  client: IntercomClient,
  session: Session,
  companyId: string,
): Promise<{ readonly id: string } | { readonly outcome: Outcome }> {
  const key = client.cacheKey('company', companyId)
  const cached = (await session.cache.get([key])).get(key)
  if (cached) return { id: cached }
  const ask: Ask = { purpose: 'lookup', repeat: 'read', ability: 'group' }
  const result = await client.call(session, 'GET /companies', ask, (sdk) =>
    sdk.companies.retrieve({ company_id: companyId }),
  )
  if (result.kind !== 'ok') return { outcome: outcomeOf(result) }
  const { id } = result.answer.json() as { readonly id: string }
  await keepId(client, session, companyId, id)
  return { id }
}

interface Context {
  readonly client: IntercomClient
  readonly contacts: Contacts
  readonly session: Session
}
async function attach(
  { client, contacts, session }: Context,
  { who, companyId }: CompanyMember,
  id: string,
): Promise<Outcome> {
  const tryOn = async (found: Found, last: boolean): Promise<Outcome> => {
    if (found.kind === 'stopped') return found.outcome
    if (found.kind === 'none') return notFound('no such contact to attach to the company')
    const result = await client.call(session, 'POST /contacts/{contact_id}/companies', write, (sdk) =>
      sdk.companies.attachContact({ contact_id: found.id, id }),
    )
    if (result.kind === 'ok') return asSureAs(found, stored(found.id))
    if (result.kind !== 'refused' || result.answer?.status !== 404) return outcomeOf(result)
    if (errorOf(result.answer).code === 'company_not_found') {
      // The cached id is stale: the company was deleted. The next delivery looks it up, or makes it, anew.
      await keepId(client, session, companyId, '')
      return outcomeOf(result)
    }
    await contacts.forget(who, session)
    return last || !found.cached
      ? notFound('no such contact to attach to the company')
      : tryOn(await contacts.findOrCreate(who, session, 'group'), true)
  }
  return tryOn(await contacts.findOrCreate(who, session, 'group'), false)
}
