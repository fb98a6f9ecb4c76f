import { nearestName } from '../definition/check/nearest-name.ts'
import type { Definitions } from '../definition/definition.ts'
import type { Findings } from './finding.ts'
import { placedSends } from './sends.ts'

/** Vendors that are named for a message or a mirrored segment and that nobody knows. */
export function findVendors(definitions: Definitions, known: readonly string[], findings: Findings): void {
  const find = (vendor: string, path: string): void => {
    if (known.includes(vendor)) return
    const meant = nearestName(vendor, known)
    const hint = meant === undefined ? `there are ${known.join(', ')}` : `did you mean "${meant}"?`
    findings.warn('unknown-name', path, `"${vendor}" is no known vendor; ${hint}`)
  }
  for (const [index, segment] of definitions.segments.entries()) {
    if (segment.kind === 'mirrored') find(segment.vendor, `segments[${index}].vendor`)
  }
  for (const { content, path } of placedSends(definitions)) {
    for (const vendor of Object.keys(content)) find(vendor, `${path}.content.${vendor}`)
  }
}
