import type { Finding } from '../matcher/core.ts'
import type { ValueProblems } from './summary.ts'
import { compareNames } from './results.ts'

/** Collects what an engine found about values and zones. A field is told once; of zones that do not exist 20 are named. */
export class FindingCounter {
  readonly #fields = new Map<string, ValueProblems['fields'][number]>()
  readonly #zones = new Map<string, number>()
  #withoutZone = 0
  #unknownZone = 0

  add(finding: Finding): void {
    if (finding.kind === 'type') {
      const { field, type, event } = finding
      this.#fields.set(JSON.stringify([event ?? null, field]), {
        ...(event !== undefined && { event }),
        field,
        type,
      })
    } else if (finding.zone === undefined) this.#withoutZone++
    else {
      this.#unknownZone++
      const users = this.#zones.get(finding.zone)
      if (users !== undefined || this.#zones.size < mostZones) this.#zones.set(finding.zone, (users ?? 0) + 1)
    }
  }

  result(): ValueProblems {
    return {
      fields: [...this.#fields]
        .sort(([first], [second]) => compareNames(first, second))
        .map(([, field]) => field),
      usersWithoutZone: this.#withoutZone,
      usersOfUnknownZone: this.#unknownZone,
      unknownZones: [...this.#zones.keys()].sort(compareNames),
    }
  }
}

const mostZones = 20
