import type { IntercomStore } from './state.ts'
import type { Company, Segment, Tag } from './stored.ts'

export function renderCompany(company: Company, store: IntercomStore, workspaceId: string): object {
  const tags = [...company.tags].flatMap((id) => {
    const tag = store.tags.get(id)
    return tag ? [renderTag(tag)] : []
  })
  return {
    type: 'company',
    company_id: company.company_id,
    id: company.id,
    app_id: workspaceId,
    name: company.name,
    ...(company.remote_created_at !== null && { remote_created_at: company.remote_created_at }),
    created_at: company.created_at,
    updated_at: company.updated_at,
    ...(company.last_request_at !== null && { last_request_at: company.last_request_at }),
    monthly_spend: company.monthly_spend,
    session_count: 0,
    user_count: company.contacts.size,
    ...(company.size !== null && { size: company.size }),
    ...(company.website !== null && { website: company.website }),
    ...(company.industry !== null && { industry: company.industry }),
    tags: { type: 'tag.list', tags },
    segments: { type: 'segment.list', segments: [] },
    plan: company.plan === null ? {} : { type: 'plan', id: company.plan, name: company.plan },
    custom_attributes: company.custom_attributes,
  }
}
export const renderTag = ({ id, name }: Tag): object => ({ type: 'tag', id, name })
export const renderSegment = (segment: Segment, count?: number): object => ({
  type: 'segment',
  id: segment.id,
  name: segment.name,
  created_at: segment.created_at,
  updated_at: segment.updated_at,
  person_type: segment.person_type,
  ...(count !== undefined && { count }),
})
