import type { AttributeType } from './stored.ts'

export interface StandardAttribute {
  readonly model: 'contact' | 'company'
  readonly full_name: string
  readonly label: string
  readonly data_type: AttributeType
  readonly api_writable: boolean
}
const contact = (
  full_name: string,
  label: string,
  data_type: AttributeType,
  api_writable = false,
): StandardAttribute => ({ model: 'contact', full_name, label, data_type, api_writable })
const company = (
  full_name: string,
  label: string,
  data_type: AttributeType,
  api_writable = false,
): StandardAttribute => ({ model: 'company', full_name, label, data_type, api_writable })

/**
 * What `GET /data_attributes` lists beside custom ones. Companies: from the 2.16 description's example.
 * Contacts: the fields of the contact schema, writable where the create request has them; labels are assumed.
 */
export const standardAttributes: readonly StandardAttribute[] = [
  contact('id', 'ID', 'string'),
  contact('workspace_id', 'Workspace ID', 'string'),
  contact('role', 'Type', 'string', true),
  contact('external_id', 'User ID', 'string', true),
  contact('email', 'Email', 'string', true),
  contact('phone', 'Phone', 'string', true),
  contact('name', 'Name', 'string', true),
  contact('avatar', 'Avatar', 'string', true),
  contact('owner_id', 'Owner', 'string', true),
  contact('signed_up_at', 'Signed up', 'date', true),
  contact('last_seen_at', 'Last seen', 'date', true),
  contact('unsubscribed_from_emails', 'Unsubscribed from emails', 'boolean', true),
  contact('created_at', 'First seen', 'date'),
  contact('updated_at', 'Updated at', 'date'),
  contact('last_contacted_at', 'Last contacted', 'date'),
  contact('last_replied_at', 'Last heard from', 'date'),
  contact('last_email_opened_at', 'Last opened email', 'date'),
  contact('last_email_clicked_at', 'Last clicked on link in email', 'date'),
  contact('has_hard_bounced', 'Has hard bounced', 'boolean'),
  contact('marked_email_as_spam', 'Marked email as spam', 'boolean'),
  contact('browser', 'Browser', 'string'),
  contact('browser_version', 'Browser version', 'string'),
  contact('browser_language', 'Browser language', 'string'),
  contact('os', 'OS', 'string'),
  contact('location.country', 'Country', 'string'),
  contact('location.region', 'Region', 'string'),
  contact('location.city', 'City', 'string'),
  company('name', 'Company name', 'string', true),
  company('company_id', 'Company ID', 'string'),
  company('last_request_at', 'Company last seen', 'date'),
  company('remote_created_at', 'Company created at', 'date', true),
  company('user_count', 'People', 'integer'),
  company('session_count', 'Company web sessions', 'integer'),
  company('plan.name', 'Plan', 'string'),
  company('monthly_spend', 'Monthly Spend', 'float', true),
  company('size', 'Company size', 'integer', true),
  company('industry', 'Company industry', 'string', true),
  company('website', 'Company website', 'string', true),
  company('id', 'ID', 'string'),
  company('created_at', 'Created at', 'date'),
  company('updated_at', 'Updated at', 'date'),
  company('plan.id', 'Plan ID', 'string'),
  company('app_id', 'App ID', 'string'),
]
