import type { TriggerDefinition } from '../definition/definition.ts'
import type { TriggerLine } from '../ledger/line.ts'
import type { Reason } from '../ledger/reason.ts'

/** By name, only those that came up. */
export type Counts<Name extends string = string> = { readonly [name in Name]?: number }

/** Counts lines of one trigger. */
export class TriggerTally {
  readonly definition: TriggerDefinition
  fires = 0
  entries = 0
  heldOutEntries = 0
  goals = 0
  heldOutGoals = 0
  exits = 0
  ends = 0
  acts = 0
  readonly #sends = new Map<string, number>()
  readonly #refusedFires = new Map<Reason, number>()
  readonly #refusedSteps = new Map<Reason, number>()
  readonly #heldOutSteps = new Map<Reason, number>()

  constructor(definition: TriggerDefinition) {
    this.definition = definition
  }

  add(line: TriggerLine): void {
    switch (line.kind) {
      case 'fire':
        this.fires++
        return
      case 'entry':
        this.entries++
        if (line.heldOut) this.heldOutEntries++
        return
      case 'goal':
        this.goals++
        if (line.heldOut) this.heldOutGoals++
        return
      case 'exit':
        this.exits++
        return
      case 'end':
        this.ends++
        return
      case 'act':
        this.acts++
        return
      case 'send':
        addOne(this.#sends, line.channel)
        return
      case 'refusal':
        addOne(this.#refusalsLike(line), line.reason)
    }
  }

  #refusalsLike({ stepPath, heldOut }: TriggerLine): Map<Reason, number> {
    if (stepPath === '') return this.#refusedFires
    return heldOut === true ? this.#heldOutSteps : this.#refusedSteps
  }

  get sends(): Counts {
    return byName(this.#sends)
  }
  get refusedFires(): Counts<Reason> {
    return byName(this.#refusedFires)
  }
  get refusedSteps(): Counts<Reason> {
    return byName(this.#refusedSteps)
  }
  get heldOutSteps(): Counts<Reason> {
    return byName(this.#heldOutSteps)
  }
}

export function addOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** In the order of the names, so that the same counts give the same text. */
function byName<Name extends string>(counts: ReadonlyMap<Name, number>): Counts<Name> {
  const sorted = [...counts].sort(([first], [second]) => (first < second ? -1 : 1))
  return Object.fromEntries(sorted) as Counts<Name>
}
