import {
  checkIdentity,
  coerceToField,
  foldCollisions,
  sameValue,
  TriplineError,
  type Fault,
  type Field,
  type FieldType,
  type Loss,
  type Value,
  type Values,
} from '@tripline/model'
import { createNames, type Names } from '@tripline/kit'
import type { IntercomOptions } from '../options.ts'
import { fitAttribute, foldAttribute, type Definitions, type Scalar } from './attributes.ts'
import { flatFields, type FlatField } from './flat-fields.ts'
import { toInstant, toSeconds } from './seconds.ts'

const source = 'intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml'

type Form = 'text' | 'email' | 'phone' | 'seconds' | 'integer'
interface Row {
  readonly to: string
  readonly form: Form
  /** The description has no null for it. */
  readonly keeps?: true
}
type FieldRows = Readonly<Record<string, Row>>
/** Canonical trait → Intercom's own field of a contact, and its form. Everything else is a custom attribute. */
export const contactFields = {
  email: { to: 'email', form: 'email', keeps: true },
  phone: { to: 'phone', form: 'phone' },
  name: { to: 'name', form: 'text' },
  avatar: { to: 'avatar', form: 'text' },
  createdAt: { to: 'signed_up_at', form: 'seconds' },
  lastSeenAt: { to: 'last_seen_at', form: 'seconds' },
  ownerId: { to: 'owner_id', form: 'text' },
} as const satisfies FieldRows
/** Canonical trait of a group → Intercom's own field of a company. */
export const companyFields = {
  name: { to: 'name', form: 'text', keeps: true },
  plan: { to: 'plan', form: 'text', keeps: true },
  employees: { to: 'size', form: 'integer', keeps: true },
  website: { to: 'website', form: 'text', keeps: true },
  industry: { to: 'industry', form: 'text', keeps: true },
  monthlySpend: { to: 'monthly_spend', form: 'integer', keeps: true },
  createdAt: { to: 'remote_created_at', form: 'seconds', keeps: true },
} as const satisfies FieldRows

/** Fields of Intercom's own that are no custom attributes and not ours to write. */
const reserved = {
  user: new Set(
    `id workspace_id external_id role created_at updated_at unsubscribed_from_emails email_verified email_domain
     last_contacted_at last_replied_at last_email_opened_at last_email_clicked_at has_hard_bounced
     marked_email_as_spam browser browser_version browser_language os location custom_attributes tags notes
     companies social_profiles referrer language_override user_id`.split(/\s+/),
  ),
  group: new Set(
    'id company_id app_id created_at updated_at last_request_at user_count session_count custom_attributes tags segments'.split(
      ' ',
    ),
  ),
} as const
const reservedPrefix = /^(?:location|browser|ios|android|utm)[_.]/

/** The parts of a body. */
export interface MappedFields {
  readonly fields: Readonly<Record<string, Scalar>>
  readonly custom: Readonly<Record<string, Scalar>>
}
export interface ProfileMapper {
  /** What to write: only what differs from `before`; a fault when the account wants items dead that lose an attribute. */
  toFields(
    set: Values,
    before: Values | undefined,
    definitions: Definitions,
    losses: Loss[],
  ): MappedFields | Fault
  /** Names of the custom attributes that these values need, in lower case. */
  customNames(set: Values): readonly string[]
  /** Canonical traits from a contact (or company) as Intercom answers it. */
  fromContact(contact: Readonly<Record<string, unknown>>, names: readonly string[]): Values
  /** Intercom's name of a trait, and whether it is a custom attribute. */
  vendorName(name: string): { readonly name: string; readonly custom: boolean }
  canonicalName(vendorName: string): string
}

/** @throws {TriplineError} two declared names become one at Intercom, or one is reserved */
export function createProfileMapper(options: IntercomOptions, of: 'user' | 'group' = 'user'): ProfileMapper {
  const rows: FieldRows = of === 'user' ? contactFields : companyFields
  const declared = new Map(
    (options.fields ?? []).filter((field) => field.of === of).map((field) => [field.name, field]),
  )
  const renames = ownRenames(options, of)
  const names = createNames({
    vendor: 'intercom',
    table: Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row.to])),
    fold: foldAttribute,
    declared: [...declared.keys()],
    renames,
  })
  refuseBadNames([...declared.keys(), ...Object.keys(renames), ...Object.keys(rows)], names, rows, of)
  const context: MapperContext = { options, of, rows, declared, names }
  return {
    toFields: (set, before, definitions, losses) => mapFields(context, set, before, definitions, losses),
    customNames: (set) =>
      placesOf(context, set)
        .filter((place) => !place.row)
        .map(({ to }) => to.toLowerCase()),
    fromContact: (contact, wanted) => readContact(context, contact, wanted),
    vendorName: (name) => ({ name: names.to(name), custom: !rowOf(context, names.to(name)) }),
    canonicalName: (vendorName) => names.from(vendorName),
  }
}
interface MapperContext {
  readonly options: IntercomOptions
  readonly of: 'user' | 'group'
  readonly rows: FieldRows
  readonly declared: ReadonlyMap<string, Field>
  readonly names: Names
}

/** `fieldNames` is one option for people and groups: a name that only the other registry knows does not count here. */
function ownRenames(
  { fields = [], fieldNames = {} }: IntercomOptions,
  of: 'user' | 'group',
): Readonly<Record<string, string>> {
  const ours = new Set(fields.filter((field) => field.of === of).map(({ name }) => name))
  const others = new Set(fields.filter((field) => field.of !== of).map(({ name }) => name))
  return Object.fromEntries(
    Object.entries(fieldNames).filter(([name]) => ours.has(name) || !others.has(name)),
  )
}

function refuseBadNames(given: readonly string[], names: Names, rows: FieldRows, of: 'user' | 'group'): void {
  const [collision] = foldCollisions(given, (name) => names.to(name).toLowerCase())
  if (collision) {
    const message = `${collision.names.map((name) => `"${name}"`).join(' and ')} both become "${collision.folded}" at Intercom, which does not tell case apart: rename one by the option fieldNames`
    throw new TriplineError('intercom', { code: 'invalid', message, path: 'options.fields' })
  }
  for (const name of given) {
    if (name in rows || !isReserved(names.to(name), of)) continue
    const message = `"${names.to(name)}" is a field of Intercom's own: rename "${name}" by the option fieldNames`
    throw new TriplineError('intercom', { code: 'invalid', message, path: 'options.fields' })
  }
}
const isReserved = (to: string, of: 'user' | 'group'): boolean =>
  reserved[of].has(to.toLowerCase()) || (of === 'user' && reservedPrefix.test(to.toLowerCase()))
const rowOf = ({ rows }: MapperContext, to: string): Row | undefined =>
  Object.values(rows).find((row) => row.to === to)

/** Where one value goes. */
interface Place extends FlatField {
  readonly to: string
  readonly row: Row | undefined
  readonly field: Field | undefined
}
function placesOf(context: MapperContext, set: Values): readonly Place[] {
  return flatFields(set).map((flat) => {
    const field = context.declared.get(flat.path) ?? context.declared.get(flat.name)
    const to = context.names.to(field?.name ?? flat.name)
    return { ...flat, to, row: rowOf(context, to), field }
  })
}

function mapFields(
  context: MapperContext,
  set: Values,
  before: Values | undefined,
  definitions: Definitions,
  losses: Loss[],
): MappedFields | Fault {
  const fields: Record<string, Scalar> = {}
  const custom: Record<string, Scalar> = {}
  const old = before && new Map(placesOf(context, before).map((place) => [place.path, place.value]))
  for (const place of placesOf(context, joinName(context, set, before, losses))) {
    const path = `set.${place.path}`
    if (old && isSame(old.get(place.path), place.value, place.row, place.field)) continue
    if (place.path === 'phone' && place.value !== null && !forms.phone(place.value)) {
      losses.push({ path, kind: 'dropped', because: `Intercom wants ${wants.phone} here`, source })
      continue
    }
    if (place.row) {
      const value = fitRow(place.value, place.row, path, context, losses)
      if (value !== undefined) fields[place.row.to] = value
      continue
    }
    const fault = addCustom(context, place, path, custom, definitions, losses)
    if (fault) return fault
  }
  return { fields, custom }
}

function addCustom(
  { options, of }: MapperContext,
  { to, name, path: given, value, field }: Place,
  path: string,
  custom: Record<string, Scalar>,
  definitions: Definitions,
  losses: Loss[],
): Fault | undefined {
  if (isReserved(to, of)) {
    const because = `"${to}" is a field of Intercom's own: rename it by the option fieldNames`
    losses.push({ path, kind: 'dropped', because, source })
    return undefined
  }
  const definition = definitions?.get(to.toLowerCase())
  if (definitions && !definition) return lose(options, path, unknownAttribute(to), losses)
  const fitted = fitAttribute(value, { field, definition, path }, options, losses)
  if (!fitted.ok) return lose(options, path, fitted.because, losses)
  if (fitted.value === undefined) return undefined
  const into = definition?.name ?? Object.keys(custom).find((other) => isSameName(other, to)) ?? to
  if (Object.hasOwn(custom, into))
    losses.push({ path, kind: 'collapsed', because: `two values for "${into}", the last is kept`, source })
  if (into !== name || given !== name)
    losses.push({ path, kind: 'renamed', because: `written as "${into}"`, source })
  custom[into] = fitted.value
  return undefined
}
/** Intercom does not tell case apart. */
const isSameName = (one: string, other: string): boolean =>
  one.length === other.length && one.toLowerCase() === other.toLowerCase()
export const unknownAttribute = (name: string): string =>
  `Intercom has no custom attribute "${name}": create it with \`tripline fields apply\` (schema.ensure)`

function lose(
  { unknownAttributes = 'dead' }: IntercomOptions,
  path: string,
  because: string,
  losses: Loss[],
): Fault | undefined {
  if (unknownAttributes === 'dead') return { code: 'invalid', message: `${path} ${because}`, path }
  losses.push({ path, kind: 'dropped', because, source })
  return undefined
}

/** Intercom keeps one name: that of `firstName` and `lastName`, unless the account names them as fields. */
function joinName(
  { of, declared, options }: MapperContext,
  set: Values,
  before: Values | undefined,
  losses: Loss[],
): Values {
  const isOwn = (part: string): boolean => declared.has(part) || part in (options.fieldNames ?? {})
  const parts = ['firstName', 'lastName'].filter((part) => part in set && !isOwn(part))
  if (of === 'group' || parts.length === 0) return set
  const rest = Object.fromEntries(Object.entries(set).filter(([name]) => !parts.includes(name)))
  const because =
    'name' in set ? 'Intercom keeps one name, and the trait "name" goes before' : 'Intercom keeps one name'
  for (const part of parts)
    losses.push({ path: `set.${part}`, kind: 'name' in set ? 'dropped' : 'collapsed', because, source })
  if ('name' in set) return rest
  const whole = ['firstName', 'lastName']
    .map((part) => (part in set ? set[part] : before?.[part]))
    .filter((part): part is string => typeof part === 'string' && part !== '')
    .join(' ')
  return { ...rest, name: whole === '' ? null : whole }
}

function isSame(
  old: Value | undefined,
  value: Value,
  row: Row | undefined,
  field: Field | undefined,
): boolean {
  if (old === undefined) return value === null // nothing to clear
  const type: FieldType = field?.type ?? (row?.form === 'seconds' ? 'instant' : 'object')
  return sameValue(old, value, row?.form === 'email' ? 'string' : type, {
    instantMs: 1_000,
    ...(row?.form === 'email' && { text: 'folded' }),
  })
}

const wants = {
  text: 'text',
  email: 'an e-mail address',
  phone: 'E.164, e.g. +4915112345678',
  seconds: 'an instant or a date',
  integer: 'a number',
} as const satisfies Record<Form, string>

function fitRow(
  value: Value,
  row: Row,
  path: string,
  { options }: MapperContext,
  losses: Loss[],
): Scalar | undefined {
  const drop = (because: string): undefined => {
    losses.push({ path, kind: 'dropped', because, source })
    return undefined
  }
  if (row.to === 'last_seen_at' && options.writeLastSeen !== true)
    return drop('it would reset "last seen", on which inactivity rules rest (option writeLastSeen)')
  if (value === null) return row.keeps ? drop(`"${row.to}" cannot be cleared at Intercom`) : null
  const fitted = forms[row.form](value)
  if (fitted === undefined) return drop(`Intercom wants ${wants[row.form]} here`)
  if (fitted.rounded)
    losses.push({ path, kind: 'rounded', because: `"${row.to}" holds whole numbers`, source })
  else if (fitted.value !== value && row.form !== 'seconds')
    losses.push({
      path,
      kind: 'coerced',
      because: row.form === 'email' ? 'Intercom keeps addresses in lower case' : `"${row.to}" holds text`,
      source,
    })
  return fitted.value
}
interface Fitted {
  readonly value: string | number
  readonly rounded?: boolean
}
const forms: Readonly<Record<Form, (value: Value) => Fitted | undefined>> = {
  text: (value) => (typeof value === 'object' ? undefined : { value: String(value) }),
  email(value) {
    if (typeof value !== 'string') return undefined
    const email = value.trim().toLowerCase()
    return checkIdentity({ email }).length === 0 ? { value: email } : undefined
  },
  phone: (value) =>
    typeof value === 'string' && checkIdentity({ phone: value }).length === 0 ? { value } : undefined,
  seconds(value) {
    const read = toSeconds(value)
    return read && { value: read.seconds, rounded: read.rounded }
  },
  integer: (value) =>
    typeof value === 'number' ? { value: Math.trunc(value), rounded: !Number.isInteger(value) } : undefined,
}

function readContact(
  context: MapperContext,
  contact: Readonly<Record<string, unknown>>,
  wanted: readonly string[],
): Values {
  const custom = (contact['custom_attributes'] ?? {}) as Readonly<Record<string, unknown>>
  const folded = new Map(Object.entries(custom).map(([name, value]) => [name.toLowerCase(), value]))
  const traits: Record<string, Value> = {}
  for (const name of wanted) {
    const to = context.names.to(name)
    const row = rowOf(context, to)
    const raw = row ? contact[to] : (custom[to] ?? folded.get(to.toLowerCase()))
    if (raw === undefined || raw === null) continue
    const value = row ? readRow(raw, row) : readCustom(raw, context.declared.get(name), context.options)
    if (value !== undefined) traits[name] = value
  }
  return traits
}

/** Fields that are text when written and an object when read: where in it the text is. */
const readAs: Readonly<Record<string, string>> = { avatar: 'image_url', plan: 'name' }

function readRow(raw: unknown, { form, to }: Row): Value | undefined {
  if (form === 'seconds') return typeof raw === 'number' ? toInstant(raw) : undefined
  const value = typeof raw === 'object' ? (raw as Values)[readAs[to] ?? ''] : (raw as Value)
  if (value === undefined || value === null) return undefined
  return form === 'text' && typeof value === 'number' ? String(value) : value
}

/** By the declared type; what does not fit counts as missing. */
function readCustom(
  raw: unknown,
  field: Field | undefined,
  { listSeparator = ', ' }: IntercomOptions,
): Value | undefined {
  if (!field) return raw as Value
  const given =
    field.type === 'strings' && typeof raw === 'string'
      ? raw.split(listSeparator).filter((part) => part !== '')
      : field.type === 'date' && typeof raw === 'number'
        ? toInstant(raw).slice(0, 10)
        : raw
  const coerced = coerceToField(given, field, { epoch: 'seconds' })
  return coerced.ok ? coerced.value : undefined
}
