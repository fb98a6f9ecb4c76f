import { isRecord, type Names } from '@tripline/kit'
import { sameValue, type Field, type FieldType, type Loss, type Value, type Values } from '@tripline/model'
import { companyIdPropertyOf, idPropertyOf, type HubSpotOptions } from '../options.ts'
import { emailOf } from './identifier.ts'
import { createPropertyNames, currencyName, maxPropertyNameChars, serverMade } from './names.ts'
import { decimal, drop, moneyForm, flatEntries, fromText, toText, type Place } from './values.ts'

const source = 'https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide'

/** Canonical trait → HubSpot's own contact property. Everything else is a custom property by the fold. */
export const profileFields = {
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
} as const satisfies Readonly<Record<string, string>>

/** Canonical trait of a group → HubSpot's own company property. */
export const companyFields = {
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
} as const satisfies Readonly<Record<string, string>>

export type Properties = Readonly<Record<string, string>>
export interface PropertyMapper {
  /** The properties to send: only what differs from `before`. Empty when nothing does. */
  toProperties(set: Values, before: Values | undefined, losses: Loss[]): Record<string, string>
  /** Canonical values from a record's properties. */
  fromProperties(
    properties: Readonly<Record<string, string | null>>,
    fields: readonly string[],
  ): Record<string, Value>
  /** HubSpot's names of one canonical field; a money field has two. */
  vendorNames(name: string): readonly string[]
  /** Canonical name of a property, as far as it is known. */
  canonicalName(property: string): string
}

/** @throws {TriplineError} code `invalid`: names of the registry meet, are too long or reserved */
export const createProfileMapper = (options: HubSpotOptions): PropertyMapper =>
  createPropertyMapper(options, 'user', profileFields, idPropertyOf(options))
/** @throws {TriplineError} code `invalid`: names of the registry meet, are too long or reserved */
export const createCompanyMapper = (options: HubSpotOptions): PropertyMapper =>
  createPropertyMapper(options, 'group', companyFields, companyIdPropertyOf(options))

function createPropertyMapper(
  options: HubSpotOptions,
  of: 'user' | 'group',
  table: Readonly<Record<string, string>>,
  idProperty: string,
): PropertyMapper {
  const fields = (options.fields ?? []).filter((field) => field.of === of)
  const declared = new Map(fields.map((field) => [field.name, field]))
  const reserved = new Set([...serverMade, idProperty])
  const names = createPropertyNames({
    of: `${of} fields`,
    fields,
    table,
    maxNameChars: maxPropertyNameChars,
    reserved,
    ...(options.fieldNames && { renames: options.fieldNames }),
  })
  const isWhole = (path: string): boolean => declared.has(path)
  const skipUnchanged = options.skipUnchanged ?? true
  const canonical = new Map(fields.map(({ name }) => [names.to(name), name]))
  return {
    toProperties(set, before, losses) {
      const old = before && skipUnchanged ? new Map(flatEntries(before, isWhole)) : undefined
      const properties: Record<string, string> = {}
      for (const [name, value] of flatEntries(set, isWhole)) {
        const field = declared.get(name)
        if (old && isSame(old.get(name), value, field, name)) continue
        put(properties, name, value, field, { names, reserved, losses })
      }
      return properties
    },
    fromProperties: (properties, wanted) => readTraits(properties, wanted, declared, names),
    vendorNames: (name) =>
      declared.get(name)?.type === 'money'
        ? [names.to(name), names.to(currencyName(name))]
        : [names.to(name)],
    canonicalName: (property) => canonical.get(property) ?? names.from(property),
  }
}

interface Putting {
  readonly names: Names
  readonly reserved: ReadonlySet<string>
  readonly losses: Loss[]
}
function put(
  properties: Record<string, string>,
  name: string,
  value: Value,
  field: Field | undefined,
  { names, reserved, losses }: Putting,
): void {
  const to = names.to(name)
  const place: Place = { path: `set.${name}`, losses }
  if (reserved.has(to)) return drop(place, `"${to}" is set by HubSpot or is the id itself: never written`)
  if (to.length > maxPropertyNameChars)
    return drop(place, `property names have at most ${maxPropertyNameChars} characters; names are never cut`)
  if (Object.hasOwn(properties, to)) {
    losses.push({ path: place.path, kind: 'collapsed', because: `another value is already "${to}"`, source })
    return undefined
  }
  if (field?.type === 'money' && isRecord(value)) {
    const { amount, currency } = value
    if (typeof amount !== 'number' || typeof currency !== 'string') return drop(place, moneyForm)
    properties[to] = decimal(amount)
    properties[names.to(currencyName(name))] = currency
    return undefined
  }
  const text = Object.hasOwn(forms, to) ? standardText(to, value, place) : toText(value, field, place)
  if (text === undefined) return undefined
  properties[to] = text
  if (field?.type === 'money') properties[names.to(currencyName(name))] = ''
  return undefined
}

const e164 = /^\+[1-9]\d{1,14}$/
/** HubSpot's own properties that want a form. */
const forms: Readonly<
  Record<string, { readonly fit: (text: string) => string | undefined; readonly wants: string }>
> = {
  email: { fit: (text) => emailOf(text), wants: 'an e-mail address' },
  phone: { fit: (text) => (e164.test(text) ? text : undefined), wants: 'E.164, e.g. +4915112345678' },
}
function standardText(to: string, value: Value, place: Place): string | undefined {
  const form = forms[to]
  if (value === null || value === '' || !form) return toText(value, undefined, place)
  const fitted = typeof value === 'string' ? form.fit(value) : undefined
  if (fitted === undefined) return drop(place, `HubSpot gets ${form.wants} here`)
  if (fitted !== value)
    place.losses.push({
      path: place.path,
      kind: 'coerced',
      because: 'HubSpot keeps addresses in lower case',
      source,
    })
  return fitted
}

/** `''` and nothing are one at HubSpot; addresses are compared without case. */
function isSame(old: Value | undefined, value: Value, field: Field | undefined, name: string): boolean {
  return sameValue(old, value, field?.type ?? typeOf(value), {
    emptyIsNull: true,
    text: name === 'email' ? 'folded' : 'exact',
  })
}
function typeOf(value: Value): FieldType {
  if (typeof value === 'number' || typeof value === 'boolean')
    return typeof value === 'number' ? 'number' : 'boolean'
  if (Array.isArray(value)) return value.every((entry) => typeof entry === 'string') ? 'strings' : 'object'
  return typeof value === 'object' ? 'object' : 'string'
}

function readTraits(
  properties: Readonly<Record<string, string | null>>,
  wanted: readonly string[],
  declared: ReadonlyMap<string, Field>,
  names: Names,
): Record<string, Value> {
  const traits: Record<string, Value> = {}
  for (const name of wanted) {
    const field = declared.get(name)
    const text = properties[names.to(name)]
    if (field?.type === 'money') {
      const currency = properties[names.to(currencyName(name))]
      if (text && currency) traits[name] = { amount: Number(text), currency }
      continue
    }
    const value = fromText(text, field)
    if (value !== undefined) traits[name] = value
  }
  return traits
}

/** The stages of a new account, in order; HubSpot only moves a contact forward. Stages of an account's own are not known. */
const stages: readonly string[] = [
  'subscriber',
  'lead',
  'marketingqualifiedlead',
  'salesqualifiedlead',
  'opportunity',
  'customer',
  'evangelist',
  'other',
]
/** True when both stages are known and the way from one to the other leads back. */
export function isStepBack(from: Value | undefined, to: string | undefined): boolean {
  if (typeof from !== 'string' || to === undefined) return false
  const [before, after] = [stages.indexOf(from), stages.indexOf(to)]
  return after >= 0 && before > after
}
