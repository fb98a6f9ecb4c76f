import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { isSince216, versionOf } from '../authenticate.ts'
import { applyAttributes } from '../custom-attributes.ts'
import { companyNotFound, ok, readObject, refuseParameter, resourceNotFound, route } from '../errors.ts'
import { intercomLimits } from '../limits.ts'
import { numberedPage, readPerPage } from '../page.ts'
import { renderCompany } from '../render-company.ts'
import type { IntercomContext, IntercomStore } from '../state.ts'
import type { Company } from '../stored.ts'
import { readCompany, type CompanyInput } from '../validate-company.ts'

/** No maximum is documented for companies; the one of contacts is assumed. */
const perPageLimits = { default: intercomLimits.companiesPerPage.default, max: 150 }

export function companyRoutes(context: IntercomContext): readonly Route[] {
  const { account, store } = context
  const render = (company: Company): object => renderCompany(company, store(), account().workspaceId)
  return [
    route('POST', '/companies', (request) => {
      const since216 = isSince216(versionOf(request, account()))
      const input = readCompany(readObject(request), context, since216)
      return ok(render(createOrUpdate(input, context)))
    }),
    route('GET', '/companies/{company_id}', (request) => {
      const company = store().companies.get(request.params['company_id'] ?? '')
      return company ? ok(render(company)) : companyNotFound()
    }),
    route('GET', '/companies', (request) => {
      const companyId = request.query.get('company_id')
      const name = request.query.get('name')
      if (companyId === null && name === null) return page(request, listed(request, store()), context)
      const company =
        companyId === null ? store().companyByName.get(name ?? '') : store().companyByCompanyId.get(companyId)
      return company ? ok(render(company)) : companyNotFound()
    }),
    route('POST', '/companies/list', (request) => {
      const direction = request.query.get('order') ?? 'desc'
      if (direction !== 'asc' && direction !== 'desc') refuseParameter("order must be 'asc' or 'desc'")
      const sign = direction === 'asc' ? 1 : -1
      const companies = inhabited(store().companies.values()).sort(
        (left, right) => sign * ((left.last_request_at ?? 0) - (right.last_request_at ?? 0)),
      )
      return page(request, companies, context)
    }),
  ]
}

function createOrUpdate(input: CompanyInput, context: IntercomContext): Company {
  const store = context.store()
  const now = context.nowSeconds()
  const known = store.companyByCompanyId.get(input.company_id)
  const company = known ?? newCompany(store.ids.objectId(), input.company_id, now)
  Object.assign(company, input.fields, { updated_at: now })
  applyAttributes(company.custom_attributes, input.attributes)
  addCompany(store, company)
  return company
}
export function newCompany(id: string, companyId: string, now: number): Company {
  return {
    id,
    company_id: companyId,
    name: null,
    plan: null,
    size: null,
    website: null,
    industry: null,
    monthly_spend: 0,
    remote_created_at: null,
    last_request_at: null,
    created_at: now,
    updated_at: now,
    custom_attributes: {},
    contacts: new Set(),
    tags: new Set(),
  }
}
export function addCompany(store: IntercomStore, company: Company): void {
  store.companies.set(company.id, company)
  store.companyByCompanyId.set(company.company_id, company)
  if (company.name !== null) store.companyByName.set(company.name, company)
}

/** Companies without people are in no list. */
const inhabited = (companies: Iterable<Company>): Company[] =>
  [...companies].filter((company) => company.contacts.size > 0)

function listed(request: SimRequest, store: IntercomStore): Company[] {
  const tagId = request.query.get('tag_id')
  if (request.query.get('segment_id') !== null) return resourceNotFound()
  if (tagId === null) return inhabited(store.companies.values())
  const tag = store.tags.get(tagId) ?? resourceNotFound()
  return inhabited([...tag.companies].flatMap((id) => store.companies.get(id) ?? []))
}

/** Nothing beyond the 10,000th company can be reached. */
function page(request: SimRequest, companies: readonly Company[], context: IntercomContext): SimReply {
  const perPage = readPerPage(request.query.get('per_page'), perPageLimits)
  const reachable = companies.slice(0, intercomLimits.listedCompanies.max)
  const { items, pages } = numberedPage(request, reachable, perPage)
  const data = items.map((company) => renderCompany(company, context.store(), context.account().workspaceId))
  return ok({ type: 'list', data, pages, total_count: companies.length })
}
