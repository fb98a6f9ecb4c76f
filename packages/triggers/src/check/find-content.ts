import type { Definitions } from '../definition/definition.ts'
import type { Findings } from './finding.ts'
import { placedSends } from './sends.ts'

/** Messages that no vendor has anything for. */
export function findContent(definitions: Definitions, findings: Findings): void {
  for (const { content, path } of placedSends(definitions)) {
    if (Object.keys(content).length > 0) continue
    const message =
      'names no message at any vendor, so nobody can send it; write for example { "braze": { "kind": "campaign", "id": "…" } }'
    findings.warn('no-content', `${path}.content`, message)
  }
}
