/** Canonical trait → contact property. https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide */
export const contactProperties: Readonly<Record<string, string>> = {
  email: 'email',
  phone: 'phone',
  firstName: 'firstname',
  lastName: 'lastname',
  title: 'jobtitle',
  website: 'website',
  birthday: 'date_of_birth',
  gender: 'gender',
  lifecycleStage: 'lifecyclestage',
  'company.name': 'company',
  'address.street': 'address',
  'address.city': 'city',
  'address.state': 'state',
  'address.postalCode': 'zip',
  'address.country': 'country',
}
export const companyProperties: Readonly<Record<string, string>> = {
  name: 'name',
  domain: 'domain',
  website: 'website',
  phone: 'phone',
  description: 'description',
  industry: 'industry',
  employees: 'numberofemployees',
  'address.street': 'address',
  'address.city': 'city',
  'address.state': 'state',
  'address.postalCode': 'zip',
  'address.country': 'country',
}
/** Set by HubSpot. */
export const isServerMade = (name: string): boolean =>
  name.startsWith('hs_') || name === 'createdate' || name === 'lastmodifieddate'

/** Lower case, `_` for everything else, a letter in front. */
export function foldName(name: string, letter: string, alsoDash = false): string {
  let folded = ''
  for (const unit of name.toLowerCase())
    folded += /[a-z0-9_]/.test(unit) || (alsoDash && unit === '-') ? unit : '_'.repeat(unit.length)
  return /^[a-z]/.test(folded) ? folded : `${letter}_${folded}`
}
