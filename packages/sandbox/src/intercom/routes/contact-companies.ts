import type { Route } from '../../core/index.ts'
import { activeContact } from '../contact-store.ts'
import { companyNotFound, ok, readObject, refuse, refuseUnknown, route } from '../errors.ts'
import { intercomLimits } from '../limits.ts'
import { numberedPage, readPerPage } from '../page.ts'
import { renderCompany } from '../render-company.ts'
import type { IntercomContext } from '../state.ts'
import type { Company } from '../stored.ts'
import { readString } from '../validate-contact.ts'

const keys = new Set(['id'])

/** Companies are attached by Intercom's own id, not by your `company_id`. Attaching again changes nothing. */
export function contactCompanyRoutes(context: IntercomContext): readonly Route[] {
  const { account, store } = context
  const render = (company: Company): object => renderCompany(company, store(), account().workspaceId)
  return [
    route('POST', '/contacts/{contact_id}/companies', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      const body = readObject(request)
      if (body['id'] === undefined) refuse(400, 'parameter_not_found', 'company not specified')
      refuseUnknown(body, keys)
      const company = store().companies.get(readString('id', body['id'])) ?? companyNotFound()
      const { maxCompaniesPerContact: max } = account()
      if (!contact.companies.has(company.id) && contact.companies.size >= max)
        refuse(
          400,
          'contact_company_limit_exceeded',
          `Contact has reached the maximum of ${max} company associations`,
        )
      contact.companies.add(company.id)
      company.contacts.add(contact.id)
      return ok(render(company))
    }),
    route('GET', '/contacts/{contact_id}/companies', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      const perPage = readPerPage(request.query.get('per_page'), intercomLimits.attachedPerPage)
      const companies = [...contact.companies].flatMap((id) => store().companies.get(id) ?? [])
      const { items, pages } = numberedPage(request, companies, perPage)
      return ok({ type: 'list', data: items.map(render), pages, total_count: companies.length })
    }),
    route('DELETE', '/contacts/{contact_id}/companies/{company_id}', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      const company = store().companies.get(request.params['company_id'] ?? '') ?? companyNotFound()
      if (!contact.companies.delete(company.id) && account().detachMissing === 'not-found') companyNotFound()
      company.contacts.delete(contact.id)
      return ok(render(company))
    }),
  ]
}
