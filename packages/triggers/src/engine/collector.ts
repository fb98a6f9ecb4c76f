import type { Sink } from '../matcher/core.ts'
import type { Anchor } from '../matcher/event.ts'

export interface CollectedFire {
  /** Index into `Core.triggers`. */
  readonly trigger: number
  readonly anchor: Anchor
  readonly dueMs: number | undefined
}
export interface MembershipChange {
  /** Index into `Core.segments`. */
  readonly segment: number
  readonly entered: boolean
}

/** What the matcher tells of one place, until it is decided on. */
export class Collector implements Sink {
  fires: CollectedFire[] = []
  changes: MembershipChange[] = []

  fire(trigger: number, anchor: Anchor, _atMs: number, dueMs: number | undefined): void {
    this.fires.push({ trigger, anchor, dueMs })
  }

  membership(segment: number, entered: boolean): void {
    this.changes.push({ segment, entered })
  }

  get isEmpty(): boolean {
    return this.fires.length === 0 && this.changes.length === 0
  }

  /** Gives away what was told and starts anew. */
  take(): { readonly fires: CollectedFire[]; readonly changes: MembershipChange[] } {
    const { fires, changes } = this
    if (fires.length > 0) this.fires = []
    if (changes.length > 0) this.changes = []
    return { fires, changes }
  }
}
