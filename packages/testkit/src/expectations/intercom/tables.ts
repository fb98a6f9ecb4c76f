/** Canonical trait → contact field. intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml POST /contacts */
export const contactFields: Readonly<Record<string, string>> = {
  email: 'email',
  phone: 'phone',
  name: 'name',
  avatar: 'avatar',
  createdAt: 'signed_up_at',
  lastSeenAt: 'last_seen_at',
  ownerId: 'owner_id',
}
export const companyFields: Readonly<Record<string, string>> = {
  name: 'name',
  plan: 'plan',
  employees: 'size',
  website: 'website',
  industry: 'industry',
  monthlySpend: 'monthly_spend',
  createdAt: 'remote_created_at',
}
/** Fields that hold Unix seconds. */
export const secondFields: ReadonlySet<string> = new Set([
  'signed_up_at',
  'last_seen_at',
  'remote_created_at',
])
export const wholeFields: ReadonlySet<string> = new Set(['size', 'monthly_spend'])
export const textFields: ReadonlySet<string> = new Set([
  'name',
  'avatar',
  'owner_id',
  'plan',
  'website',
  'industry',
])

/** Intercom writes `-` for them itself, and tells no case apart. */
export const eventKey = (name: string): string => name.replaceAll('.', '-').replaceAll('$', '-').toLowerCase()
export const secondsOf = (text: string): number => Math.floor(Date.parse(text) / 1_000)
