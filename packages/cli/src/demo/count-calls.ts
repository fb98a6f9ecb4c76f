import type { CallEvent } from '@tripline/model'

/** What a call served; a connector reports the first two itself. */
export type Phase = 'schema' | 'deliver' | 'read'
/** Counts the requests of one connector by what the demo is just doing with it. */
export interface CallCounter {
  phase: Phase
  readonly onCall: (call: CallEvent) => void
  /** Requests without their repeats. */
  count(phase: Phase): number
  retries(phase: Phase): number
}

export function createCallCounter(): CallCounter {
  const counts: Record<Phase, number> = { schema: 0, deliver: 0, read: 0 }
  const retries: Record<Phase, number> = { schema: 0, deliver: 0, read: 0 }
  const counter: CallCounter = {
    phase: 'schema',
    onCall({ attempt }) {
      if (attempt === 1) counts[counter.phase]++
      else retries[counter.phase]++
    },
    count: (phase) => counts[phase],
    retries: (phase) => retries[phase],
  }
  return counter
}
