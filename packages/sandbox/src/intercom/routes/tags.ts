import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { isSince216, versionOf } from '../authenticate.ts'
import {
  companyNotFound,
  isObject,
  ok,
  readObject,
  refuse,
  refuseParameter,
  resourceNotFound,
  route,
  userNotFound,
} from '../errors.ts'
import { renderTag } from '../render-company.ts'
import type { IntercomContext, IntercomStore } from '../state.ts'
import type { Company, Contact, Tag } from '../stored.ts'
import { deleteTag, ensureTag, renameTag, tagCompany, tagContact } from '../tag-store.ts'
import { readId } from './contact-tags.ts'

const keys = new Set(['name', 'id', 'users', 'companies'])
const invalid = (): never => refuseParameter('invalid tag parameters')

export function tagRoutes(context: IntercomContext): readonly Route[] {
  const { store } = context
  const find = (request: SimRequest): Tag =>
    store().tags.get(request.params['tag_id'] ?? '') ?? resourceNotFound()
  return [
    route('GET', '/tags', () => ok({ type: 'list', data: [...store().tags.values()].map(renderTag) })),
    route('GET', '/tags/{tag_id}', (request) => ok(renderTag(find(request)))),
    route('POST', '/tags', (request) => postTag(request, context)),
    route('DELETE', '/tags/{tag_id}', (request) => {
      const tag = find(request)
      const segments = [...store().segments.values()].filter(({ rule }) => usesTag(rule, tag.id))
      if (segments.length > 0)
        refuse(
          400,
          'tag_has_dependent_objects',
          `Unable to delete Tag with dependent objects. Segments: ${segments.map(({ name }) => name).join(', ')}.`,
        )
      deleteTag(context, tag)
      return { status: 200 }
    }),
  ]
}
function usesTag(rule: unknown, tagId: string): boolean {
  if (Array.isArray(rule)) return rule.some((part) => usesTag(part, tagId))
  if (!isObject(rule)) return false
  return rule['field'] === 'tag_id' ? rule['value'] === tagId : usesTag(rule['value'], tagId)
}

/** One path for four things, told apart by what the body holds: create, rename, tag users, (un)tag companies. */
function postTag(request: SimRequest, context: IntercomContext): SimReply {
  const body = readObject(request)
  const { name, id, users, companies } = body
  if (typeof name !== 'string' || name === '' || Object.keys(body).some((key) => !keys.has(key)))
    return invalid()
  const since216 = isSince216(versionOf(request, context.account()))
  if (users !== undefined && companies !== undefined) return invalid()
  if (users !== undefined) return tagUsers(name, users, context, since216)
  if (companies !== undefined) return tagCompanies(name, companies, context, since216)
  const store = context.store()
  if (id === undefined) return answer(ensureTag(store, name), since216)
  const tag = store.tags.get(readId(id)) ?? resourceNotFound()
  const holder = store.tagByName.get(name.toLowerCase())
  if (holder && holder !== tag) return invalid()
  renameTag(store, tag, name)
  return answer(tag, since216)
}
interface Tagged {
  readonly id: string
  readonly tagged: boolean
}
/** The lists of what was tagged came with 2.16. */
function answer(
  tag: Tag,
  since216: boolean,
  users: readonly Tagged[] = [],
  companies: readonly Tagged[] = [],
) {
  return ok({ ...renderTag(tag), ...(since216 && { users, companies }) })
}

/** Until 2.15 one unknown contact is a 404 for the whole call, and nothing is done; since 2.16 it is `tagged: false`. */
function tagUsers(name: string, users: unknown, context: IntercomContext, since216: boolean): SimReply {
  const found = readList(users).map((item) => {
    if (typeof item['id'] !== 'string') return invalid()
    return { id: item['id'], contact: taggable(context, item['id']) }
  })
  if (!since216 && found.some(({ contact }) => !contact)) userNotFound()
  const tag = ensureTag(context.store(), name)
  const tagged = found.map(({ id, contact }) => {
    if (contact) tagContact(context, tag, contact)
    return { id, tagged: contact !== undefined }
  })
  return answer(tag, since216, tagged)
}
function taggable(context: IntercomContext, id: string): Contact | undefined {
  const contact = context.store().contacts.get(id)
  if (contact?.standing !== 'active') return undefined
  return contact.role === 'user' || context.account().tagManyTagsLeads ? contact : undefined
}

function tagCompanies(
  name: string,
  companies: unknown,
  context: IntercomContext,
  since216: boolean,
): SimReply {
  const found = readList(companies).map((item) => {
    const company = findCompany(context.store(), item)
    const id = company?.id ?? String(item['id'] ?? item['company_id'])
    return { id, company, wanted: item['untag'] !== true }
  })
  if (!since216 && found.some(({ company }) => !company)) companyNotFound()
  const tag = ensureTag(context.store(), name)
  const tagged = found.map(({ id, company, wanted }) => {
    if (company) tagCompany(tag, company, wanted)
    return { id, tagged: company !== undefined && wanted }
  })
  return answer(tag, since216, [], tagged)
}
function findCompany(store: IntercomStore, item: Readonly<Record<string, unknown>>): Company | undefined {
  if (typeof item['id'] === 'string') return store.companies.get(item['id'])
  return typeof item['company_id'] === 'string' ? store.companyByCompanyId.get(item['company_id']) : invalid()
}
function readList(value: unknown): readonly Record<string, unknown>[] {
  if (!Array.isArray(value) || value.length === 0) return invalid()
  return value.map((item: unknown) => (isObject(item) ? item : invalid()))
}
