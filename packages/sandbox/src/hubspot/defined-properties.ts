/** `name: [type, fieldType]`, `!` before the type: HubSpot sets it, the API cannot. */
type DefinedProperties = Readonly<
  Record<string, readonly [type: string, fieldType: string, options?: readonly string[]]>
>

/** In the order a contact moves through them; the API only moves forward. */
export const lifecycleStages = [
  'subscriber',
  'lead',
  'marketingqualifiedlead',
  'salesqualifiedlead',
  'opportunity',
  'customer',
  'evangelist',
  'other',
] as const

const address = {
  address: ['string', 'text'],
  city: ['string', 'text'],
  state: ['string', 'text'],
  zip: ['string', 'text'],
  country: ['string', 'text'],
  phone: ['string', 'phonenumber'],
  website: ['string', 'text'],
} as const satisfies DefinedProperties

const common = {
  createdate: ['!datetime', 'date'],
  hs_object_id: ['!number', 'number'],
  hs_merged_object_ids: ['!enumeration', 'checkbox'],
  hubspot_owner_id: ['string', 'text'],
  lifecyclestage: ['enumeration', 'radio', lifecycleStages],
} as const satisfies DefinedProperties

/** The part of HubSpot's own properties that profile syncs use; a real account has some hundreds. */
export const definedContactProperties: DefinedProperties = {
  ...common,
  ...address,
  lastmodifieddate: ['!datetime', 'date'],
  email: ['string', 'text'],
  hs_additional_emails: ['enumeration', 'checkbox'],
  firstname: ['string', 'text'],
  lastname: ['string', 'text'],
  salutation: ['string', 'text'],
  mobilephone: ['string', 'phonenumber'],
  company: ['string', 'text'],
  jobtitle: ['string', 'text'],
  industry: ['string', 'text'],
  annualrevenue: ['string', 'text'],
  date_of_birth: ['string', 'text'],
  gender: ['string', 'text'],
  hs_language: ['enumeration', 'select', ['de', 'en', 'es', 'fr', 'it', 'ja', 'nl', 'pl', 'pt']],
  hs_lead_status: [
    'enumeration',
    'radio',
    [
      'NEW',
      'OPEN',
      'IN_PROGRESS',
      'OPEN_DEAL',
      'UNQUALIFIED',
      'ATTEMPTED_TO_CONTACT',
      'CONNECTED',
      'BAD_TIMING',
    ],
  ],
  hs_legal_basis: [
    'enumeration',
    'checkbox',
    [
      'Legitimate interest – prospect/lead',
      'Legitimate interest – existing customer',
      'Legitimate interest - other',
      'Performance of a contract',
      'Freely given consent from contact',
      'Not applicable',
    ],
  ],
  hs_email_optout: ['!bool', 'booleancheckbox'],
  hs_email_bounce: ['!number', 'number'],
  hs_marketable_status: ['!bool', 'booleancheckbox'],
  num_unique_conversion_events: ['!number', 'number'],
  associatedcompanyid: ['number', 'number'],
}

export const definedCompanyProperties: DefinedProperties = {
  ...common,
  ...address,
  hs_lastmodifieddate: ['!datetime', 'date'],
  name: ['string', 'text'],
  domain: ['string', 'text'],
  address2: ['string', 'text'],
  description: ['string', 'textarea'],
  numberofemployees: ['number', 'number'],
  annualrevenue: ['number', 'number'],
}
