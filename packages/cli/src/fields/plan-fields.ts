import type { Connector, EnsuredField, Field, FieldType, VendorField } from '@tripline/model'
import type { RouteRule } from '../config/route-rule.ts'
import type { Vendor } from '../config/vendors.ts'

/** What a vendor has for a field of the registry, or what it would take. */
export interface PlannedField {
  readonly vendor: Vendor
  readonly field: Field
  /**
   * `differs`: it is there with a type that cannot hold ours, and no type is ever changed. `create`: `fields apply` makes
   * it. The others need nothing, or nothing can be done.
   */
  readonly state:
    | 'exists'
    | 'differs'
    | 'read-only'
    | 'create'
    | Exclude<EnsuredField['did'], 'exists' | 'created' | 'planned'>
  /** What the vendor calls it, where it is known. */
  readonly vendorName?: string
  readonly note: string
}
export interface PlanOptions {
  readonly vendor: Vendor
  readonly connector: Connector
  readonly fields: readonly Field[]
  /** The account's own names, from the config. */
  readonly names: Readonly<Record<string, string>>
  readonly route: RouteRule
  readonly signal: AbortSignal
}

/** Compares the registry with what a vendor has. Changes nothing. */
export async function planFields({
  vendor,
  connector,
  signal,
  ...options
}: PlanOptions): Promise<readonly PlannedField[]> {
  const wanted = options.fields.filter((field) => isRouted(field, options.route))
  const there = await connector.schema.read({ signal })
  const missing: Field[] = []
  const found = new Map<Field, PlannedField>()
  for (const field of wanted) {
    const match = there.find((each) => isSame(field, each, options.names[field.name]))
    if (match) found.set(field, compared(vendor, field, match))
    else missing.push(field)
  }
  const ensured = missing.length > 0 ? await connector.schema.ensure(missing, { signal, dryRun: true }) : []
  for (const { field, did, note } of ensured)
    found.set(field, { vendor, field, state: stateOf(did), note: did === 'planned' ? 'is missing' : note })
  return wanted.flatMap((field) => found.get(field) ?? [])
}

/** A field that a route withholds is not needed there. */
export function isRouted(field: Field, { off, items, events, fields }: RouteRule): boolean {
  if (off) return false
  if (field.of === 'event') return items?.includes('event') !== false && isChosen(field.event, events)
  const kind = field.of === 'user' ? 'profile' : 'group'
  return items?.includes(kind) !== false && isChosen(field.name, fields)
}

function isChosen(name: string | undefined, choice: RouteRule['events']): boolean {
  if (name === undefined) return true
  return choice?.only ? choice.only.includes(name) : !choice?.except?.includes(name)
}

/** What has no vendor yet is neither created nor there: it is still to be done. */
function stateOf(did: EnsuredField['did']): PlannedField['state'] {
  if (did === 'planned' || did === 'created') return 'create'
  return did
}

function compared(vendor: Vendor, field: Field, match: VendorField): PlannedField {
  const at = { vendor, field, vendorName: match.vendorName }
  if (!holds(match.type, field.type))
    return {
      ...at,
      state: 'differs',
      note: `is ${match.type} there; a type is never changed, rename the field or mend it by hand`,
    }
  if (!match.writable)
    return { ...at, state: 'read-only', note: `the vendor fills ${match.vendorName} itself` }
  return { ...at, state: 'exists', note: match.type === field.type ? '' : `is ${match.type} there` }
}

/** Names that differ only by the vendor's fold are one: lower case, `_` for everything else. */
const fold = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '_')

function isSame(field: Field, there: VendorField, ownName: string | undefined): boolean {
  if (field.of !== there.of) return false
  if (field.event !== undefined && there.event !== undefined && !isSameEvent(field.event, there.event))
    return false
  if (field.event === undefined && there.event !== undefined) return false
  return ownName === undefined
    ? there.name === field.name || fold(there.vendorName) === fold(field.name)
    : there.vendorName === ownName || there.name === field.name
}

/** An event may carry a prefix of the account there. */
function isSameEvent(ours: string, theirs: string): boolean {
  return ours === theirs || fold(theirs) === fold(ours) || fold(theirs).endsWith(`_${fold(ours)}`)
}

/** Whether a field of the vendor's type keeps a value of ours. Text keeps everything. */
function holds(theirs: FieldType, ours: FieldType): boolean {
  return theirs === ours || theirs === 'string' || theirs === 'object' || keeps[theirs].includes(ours)
}
const keeps: Readonly<Record<FieldType, readonly FieldType[]>> = {
  string: [],
  object: [],
  number: ['integer', 'money'],
  integer: [],
  boolean: [],
  date: [],
  instant: ['date'],
  strings: [],
  money: ['number', 'integer'],
}
