import type { Definitions } from '../definition/definition.ts'
import { firstName } from './path.ts'

/** Fields that hold a path into the properties of an event; `anchor` of a `without` says which anchor it waits for. */
const pathFields: ReadonlySet<string> = new Set(['property', 'by', 'anchor'])
/** What a vendor reports names the send by it. */
const ownNames = ['send_id'] as const

/**
 * The first names of all properties of events that the definitions can look at: events with these alone have the same
 * ledger. For readers that would rather not parse the rest. Traits are not among them: of `identify` all is needed.
 * @example
 * namedProperties(definitions) // => Set { 'send_id', 'product_id' }
 */
export function namedProperties({ triggers, segments, policy }: Definitions): ReadonlySet<string> {
  const names = new Set<string>(ownNames)
  collect([triggers, segments, policy], names)
  return names
}

function collect(node: unknown, names: Set<string>): void {
  if (typeof node !== 'object' || node === null) return
  const isMode = (node as { readonly kind?: unknown }).kind === 'without'
  for (const [field, value] of Object.entries(node)) {
    if (typeof value !== 'string') collect(value, names)
    else if (pathFields.has(field) && !(isMode && field === 'anchor')) names.add(firstName(value))
  }
}
