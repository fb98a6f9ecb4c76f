import { TriplineError } from '@tripline/model'

/** Where the names of a vendor come from. */
export interface NameRules {
  /** For the error. */
  readonly vendor: string
  /** Canonical → vendor name; wins over the fold. */
  readonly table?: Readonly<Record<string, string>>
  /** The account's own renames; win over the table. */
  readonly renames?: Readonly<Record<string, string>>
  /** The vendor's way with names that no table knows. @default unchanged */
  readonly fold?: (name: string) => string
  /** Names that the account will use, e.g. of its field registry: checked at start, and known to `from`. @default [] */
  readonly declared?: readonly string[]
}
/** Names of one vendor, both ways. */
export interface Names {
  /** The vendor's name of a canonical one. */
  to(name: string): string
  /** The canonical name of a vendor's one; the name itself when no row knows it. */
  from(vendorName: string): string
}

/**
 * Names of fields or events at one vendor. Folded names are computed once.
 * @throws {TriplineError} code `invalid`, at start: two names of the tables, or two declared ones, meet in one vendor
 *   name
 * @example
 * const names = createNames({ vendor: 'hubspot', table: { email: 'email' }, fold: (name) => name.toLowerCase() })
 * names.to('Plan') // => 'plan'
 */
export function createNames({ vendor, table = {}, renames = {}, fold, declared = [] }: NameRules): Names {
  const known = new Map(Object.entries({ ...table, ...renames }))
  for (const name of declared) if (!known.has(name)) known.set(name, fold ? fold(name) : name)
  const back = new Map<string, string>()
  for (const [name, to] of known) {
    const other = back.get(to)
    if (other !== undefined) {
      const message = `"${other}" and "${name}" both become "${to}": rename one`
      throw new TriplineError(vendor, { code: 'invalid', message })
    }
    back.set(to, name)
  }
  const folded = new Map<string, string>()
  return {
    to(name) {
      const to = known.get(name) ?? folded.get(name)
      if (to !== undefined) return to
      const made = fold ? fold(name) : name
      if (folded.size < 10_000) folded.set(name, made)
      return made
    },
    from: (vendorName) => back.get(vendorName) ?? vendorName,
  }
}
