import { join, type Checker, type Plain } from './checker.ts'
import { isVendor, vendors } from './vendors.ts'

/** Renames of events: known vendors, and no two events with one name at a vendor. */
export function checkEventNames(checker: Checker, given: unknown, connectors: unknown): void {
  const taken = new Map<string, string>()
  for (const [event, names] of Object.entries(checker.object('events', given) ?? {})) {
    const path = join('events', event)
    const byVendor: Plain | undefined =
      typeof names === 'string'
        ? Object.fromEntries(vendors.map((vendor) => [vendor, names]))
        : checker.known(path, names, vendors)
    if (names === '') checker.add(path, 'is empty')
    for (const [vendor, name] of Object.entries(byVendor ?? {})) {
      const place = typeof names === 'string' ? path : join(path, vendor)
      if (typeof names !== 'string') checker.text(place, name)
      if (!isVendor(vendor) || typeof name !== 'string') continue
      checkAgainstOwn(checker, place, { vendor, event, name }, connectors)
      const id = JSON.stringify([vendor, name])
      const other = taken.get(id)
      if (other === undefined) taken.set(id, event)
      else if (other !== event) {
        checker.add(place, `"${other}" and "${event}" both become "${name}" at ${vendor}: rename one`)
        if (typeof names === 'string') break
      }
    }
  }
}

interface Rename {
  readonly vendor: string
  readonly event: string
  readonly name: string
}
/** A connector's own `eventNames` may repeat a rename, not contradict it. */
function checkAgainstOwn(checker: Checker, place: string, rename: Rename, connectors: unknown): void {
  const options = (
    (connectors ?? {}) as Readonly<Record<string, { readonly eventNames?: unknown } | undefined>>
  )[rename.vendor]
  const own = ((options?.eventNames ?? {}) as Plain)[rename.event]
  if (own === undefined || own === rename.name) return
  const where = join(`connectors.${rename.vendor}.eventNames`, rename.event)
  checker.add(place, `says "${rename.name}", but ${where} says ${JSON.stringify(own)}: keep one`)
}
