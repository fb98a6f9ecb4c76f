import { sentFrom, type Batch, type Operation, type Sent, type Session, type Verdict } from '@tripline/kit'
import { fromMinorUnits, toMinorUnits, type Loss } from '@tripline/model'
import type { UpsertInput } from './client.ts'
import type { ContactTools } from './contacts.ts'
import { isPassing, recordFault } from './errors.ts'
import { maxOf } from './limits.ts'
import { endedBy, rowsOf, type ContactRow } from './lookup.ts'
import { keyOf, type Contact } from './mapping/identifier.ts'
import { orderProperties, type OrderTotals } from './mapping/orders.ts'
import { decimal } from './mapping/values.ts'
import { findPeople, noContact } from './people.ts'
import { readUpsert } from './upsert-answer.ts'

/** One event that is counted in properties of the contact. */
export interface TallyEntry {
  /** Part of the property names. */
  readonly stem: string
  readonly at: string
  /** The last one is kept at the contact, so that a repeat is not counted again. */
  readonly uuid: string
  readonly order?: OrderTotals
}
export interface TallyValue {
  readonly contact: Contact
  readonly entries: readonly TallyEntry[]
}
/** The properties of one counted event. */
export const tallyProperties = (
  stem: string,
): { readonly at: string; readonly count: string; readonly key: string } => ({
  at: `last_${stem}_at`,
  count: `${stem}_count`,
  key: `last_${stem}_key`,
})

/**
 * Counts events in contact properties, for accounts without custom events: read, add, write. Everything up to the key
 * that the contact holds was counted before, so a repeat in the order of its lane adds nothing. Others who write the
 * same properties at the same time are not seen.
 */
export function createTallyOperation(tools: ContactTools): Operation<TallyValue> {
  return {
    endpoint: 'POST /crm/objects/contacts/batch/upsert',
    ability: 'event',
    repeat: 'natural',
    maxItems: maxOf('batch.items'),
    maxBytes: Infinity, // HubSpot documents none
    frameBytes: 0,
    parallel: 2,
    foldOf: ({ contact }) => keyOf(contact),
    fold: (earlier, later) => ({ ...later, entries: [...earlier.entries, ...later.entries] }),
    send: (batch, session) => sendTallies(tools, batch, session),
  }
}

async function sendTallies(
  tools: ContactTools,
  { values }: Batch<TallyValue>,
  session: Session,
): Promise<Sent> {
  const { client, options, pathOf } = tools
  const found = await findPeople(
    tools,
    values.map(({ contact }) => contact),
    session,
  )
  if (found.kind === 'failed') return endedBy(found.result, 'event', session, options)
  const ids = values.map(({ contact }) => found.ids.get(keyOf(contact)))
  const known = [...new Set(ids.filter((id) => id !== undefined))]
  const rows = new Map<string, ContactRow>()
  if (known.length > 0) {
    const result = await client.readContacts(session, { ids: known, properties: propertiesOf(values) })
    if (result.kind !== 'ok') return endedBy(result, 'event', session, options)
    for (const row of rowsOf(result.answer)) rows.set(row.id, row)
  }
  const losses = values.map((): Loss[] => [])
  const inputs = values.flatMap(({ entries }, index): readonly UpsertInput[] => {
    const row = rows.get(ids[index] ?? '')
    if (!row) return []
    const properties = addUp(entries, row.properties, losses[index] ?? [])
    return [{ id: row.id, properties, objectWriteTraceId: String(index) }]
  })
  const result = inputs.length > 0 ? await client.upsertContacts(session, inputs) : undefined
  if (result && result.kind !== 'ok') return sentFrom(result, () => ({ kind: 'verdicts', verdicts: [] }))
  const answer = result ? readUpsert(result.answer) : undefined
  return {
    kind: 'verdicts',
    verdicts: values.map((_, index): Verdict => {
      if (!rows.has(ids[index] ?? '')) return { outcome: { status: 'dead', fault: noContact } }
      const row = answer?.rows.get(String(index))
      if (row)
        return { outcome: { status: 'sent', proof: 'stored', vendorId: row.id }, losses: losses[index] ?? [] }
      const error = answer?.errors.get(String(index))
      const fault = error
        ? recordFault(error, pathOf)
        : ({ code: 'unavailable', message: 'HubSpot’s answer does not mention this contact' } as const)
      return { outcome: { status: error && !isPassing(fault) ? 'dead' : 'retry', fault } }
    }),
  }
}

function propertiesOf(values: readonly TallyValue[]): readonly string[] {
  const stems = new Set(values.flatMap(({ entries }) => entries.map(({ stem }) => stem)))
  return [
    ...[...stems].flatMap((stem) => Object.values(tallyProperties(stem))),
    ...Object.values(orderProperties),
  ]
}

/** What the contact's properties become. A second currency is not added to the first. */
export function addUp(
  entries: readonly TallyEntry[],
  held: Readonly<Record<string, string | null>>,
  losses: Loss[],
): Record<string, string> {
  const now: Record<string, string | null> = { ...held }
  const changed: Record<string, string> = {}
  const set = (name: string, text: string): void => {
    now[name] = text
    changed[name] = text
  }
  for (const stem of new Set(entries.map((entry) => entry.stem))) {
    const names = tallyProperties(stem)
    const own = entries.filter((entry) => entry.stem === stem)
    const counted = own.findLastIndex(({ uuid }) => uuid === held[names.key]) + 1
    for (const { at, uuid, order } of own.slice(counted)) {
      set(names.count, String(Number(now[names.count] ?? 0) + 1))
      set(names.key, uuid)
      if (!now[names.at] || Date.parse(at) >= Date.parse(now[names.at] ?? '')) set(names.at, at)
      if (order) addOrder(order, now, set, losses)
    }
    // An upsert of nothing is refused: what is counted already is written as it is.
    if (counted === own.length) set(names.key, held[names.key] ?? '')
  }
  return changed
}

function addOrder(
  { id, value, currency }: OrderTotals,
  now: Readonly<Record<string, string | null>>,
  set: (name: string, text: string) => void,
  losses: Loss[],
): void {
  const before = now[orderProperties.currency]
  set(orderProperties.id, id)
  set(orderProperties.value, decimal(value))
  if (!before || before === currency) {
    set(orderProperties.currency, currency)
    set(orderProperties.total, decimal(sum(now[orderProperties.total], value, currency)))
    return
  }
  losses.push({
    path: 'event.properties.total',
    kind: 'dropped',
    because: `the total is kept in ${before}, an order in another currency is not added to it`,
    source: 'https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide',
  })
}

/** In minor units of the currency: 0.1 + 0.2 is 0.3. */
function sum(before: string | null | undefined, value: number, currency: string): number {
  const [one, other] = [toMinorUnits(before || 0, currency), toMinorUnits(value, currency)]
  const total = one.ok && other.ok ? fromMinorUnits(one.units + other.units, currency) : undefined
  return total ?? Number(before ?? 0) + value
}
