import type { Definitions } from '../definition/definition.ts'
import { firstName } from './path.ts'

type Named = Pick<Definitions, 'triggers' | 'segments'>
/** First names of the paths that definitions ask about. */
export interface NamedFields {
  readonly properties: ReadonlySet<string>
  readonly traits: ReadonlySet<string>
}

/** Fields of definitions that hold a path into the properties of an event. */
const propertyPaths: ReadonlySet<string> = new Set(['property', 'by', 'anchor'])
/** What a vendor reports names the send by it. */
const ownNames = ['send_id'] as const

/** What triggers and segments compare, correlate by, total, or pass on to messages. */
export function namedFields({ triggers, segments }: Named): NamedFields {
  const fields = { properties: new Set<string>(), traits: new Set<string>() }
  collect([triggers, segments], fields)
  return fields
}

/**
 * The first names of all properties of events that the definitions can look at: events with these alone have the same
 * ledger. For readers that would rather not parse the rest. Traits are not among them: of `identify` all is needed.
 * @example
 * namedProperties(definitions) // => Set { 'send_id', 'product_id' }
 */
export function namedProperties(definitions: Named): ReadonlySet<string> {
  return new Set([...ownNames, ...namedFields(definitions).properties])
}

type Collected = { readonly [kind in keyof NamedFields]: Set<string> }

function collect(node: unknown, fields: Collected): void {
  if (typeof node !== 'object' || node === null) return
  // The `anchor` of a `without` is a way to wait, and no path.
  const isWithout = (node as { readonly kind?: unknown }).kind === 'without'
  for (const [field, value] of Object.entries(node)) {
    if (typeof value !== 'string') collect(value, fields)
    else if (field === 'trait') fields.traits.add(firstName(value))
    else if (propertyPaths.has(field) && !(isWithout && field === 'anchor'))
      fields.properties.add(firstName(value))
  }
}
