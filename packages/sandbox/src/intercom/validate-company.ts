import { readCustomAttributes, type AttributeChanges } from './custom-attributes.ts'
import { refuse, refuseParameter, refuseUnknown } from './errors.ts'
import { intercomLimits } from './limits.ts'
import type { IntercomContext } from './state.ts'
import { readSeconds, readString } from './validate-contact.ts'

export interface CompanyInput {
  readonly company_id: string
  readonly fields: {
    name?: string
    plan?: string
    website?: string
    industry?: string
    size?: number
    monthly_spend?: number
    remote_created_at?: number
    last_request_at?: number
  }
  readonly attributes: AttributeChanges
}
const keys = new Set([
  'name',
  'company_id',
  'plan',
  'size',
  'website',
  'industry',
  'custom_attributes',
  'remote_created_at',
  'monthly_spend',
])
const keysSince216 = new Set([...keys, 'update_last_request_at'])

/** `monthly_spend` loses its fraction and may not exceed 2³¹ − 1. That `company_id` must be there is the stricter reading. */
export function readCompany(
  body: Readonly<Record<string, unknown>>,
  context: IntercomContext,
  since216: boolean,
): CompanyInput {
  refuseUnknown(body, since216 ? keysSince216 : keys)
  if (body['company_id'] === undefined)
    refuse(400, 'parameter_not_found', 'company_id is a required parameter')
  const companyId = readString('company_id', body['company_id'])
  if (companyId === '') refuseParameter('company_id must not be empty')
  const fields: CompanyInput['fields'] = {}
  for (const name of ['name', 'plan', 'website', 'industry'] as const)
    if (body[name] !== undefined) fields[name] = readString(name, body[name])
  if (body['size'] !== undefined) fields.size = readSize(body['size'])
  if (body['monthly_spend'] !== undefined) fields.monthly_spend = readSpend(body['monthly_spend'])
  if (body['remote_created_at'] !== undefined)
    fields.remote_created_at = readSeconds('remote_created_at', body['remote_created_at'])
  if (body['update_last_request_at'] === true) fields.last_request_at = context.nowSeconds()
  return {
    company_id: companyId,
    fields,
    attributes: readCustomAttributes(body['custom_attributes'], 'company', context),
  }
}
function readSize(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value)
    ? value
    : refuseParameter('size must be an integer')
}
function readSpend(value: unknown): number {
  if (typeof value !== 'number') return refuseParameter('monthly_spend must be a number')
  const whole = Math.trunc(value)
  return whole > intercomLimits.monthlySpend.max ? refuseParameter('monthly_spend is too large') : whole
}
