import { TriplineError } from '@tripline/model'
import type { Keyed } from './keyed.ts'
import { enqueue } from './queue.ts'
import { newUser, type Key, type MatcherUser, type Wait } from './user.ts'

/** Of the saved form. Another version is refused. */
export const stateVersion = 1

/**
 * The state as text. Waits that were cancelled are left out; what left its window may still be in, until it is swept.
 * Its size is that of the state (see `program.ts`), about 20 characters per number.
 */
export function saveUser(user: MatcherUser, fingerprint: string): string {
  return JSON.stringify({
    version: stateVersion,
    program: fingerprint,
    user: user.userId,
    sequence: user.sequence,
    lastMs: Number.isFinite(user.lastMs) ? user.lastMs : null,
    traits: user.traits ?? null,
    slots: [...user.slots]
      .filter(([, state]) => !hasEnded(state))
      .toSorted(([left], [right]) => left - right)
      .map(([slot, state]) => [slot, encode(state)]),
  })
}

/** The state back from text. Throws `TriplineError` on text of another version or of other definitions. */
export function loadUser(text: string, fingerprint: string): MatcherUser {
  const saved = JSON.parse(text) as Saved
  if (saved.version !== stateVersion || saved.program !== fingerprint) {
    throw new TriplineError('triggers', {
      code: 'invalid',
      message: `state of version ${saved.version} and program ${saved.program} is not of this program (${stateVersion}, ${fingerprint})`,
    })
  }
  const user = newUser(saved.user)
  user.sequence = saved.sequence
  user.lastMs = saved.lastMs ?? Number.NEGATIVE_INFINITY
  user.traits = saved.traits ?? undefined
  const waits: Wait[] = []
  for (const [slot, state] of saved.slots) user.slots.set(slot, decode(state, waits))
  for (const wait of waits) enqueue(user.queue, wait)
  return user
}

interface Saved {
  readonly version: number
  readonly program: string
  readonly user: string
  readonly sequence: number
  readonly lastMs: number | null
  readonly traits: { [name: string]: unknown } | null
  readonly slots: readonly (readonly [number, unknown])[]
}

/** Lists of plain values stay as they are; what JSON does not have becomes an object with one name. */
function encode(state: unknown): unknown {
  if (typeof state === 'bigint') return { bigint: String(state) }
  if (state instanceof Map) {
    const running = [...(state as Map<unknown, unknown>)].filter(([, value]) => !hasEnded(value))
    // In an order of its own: a value may have left and come back, or not, when the state was saved in between.
    const map = running
      .map(([key, value]) => [key, encode(value)] as const)
      .toSorted(([left], [right]) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))
    const { sweptMs } = state as Keyed<unknown>
    return { map, ...(sweptMs !== undefined && { sweptMs }) }
  }
  if (state instanceof Set) return { set: [...state] }
  if (typeof state !== 'object' || state === null) return state
  if (Array.isArray(state)) {
    return isWait(state[0])
      ? { waits: (state as Wait[]).filter(isRunning).map(encodeWait) }
      : (state as unknown)
  }
  return { record: Object.entries(state).map(([name, value]) => [name, encodeField(name, value)]) }
}

/** `value` and `values` hold what events carried, which is JSON already. */
function encodeField(name: string, value: unknown): unknown {
  return name === 'value' || name === 'values' ? { raw: value } : encode(value)
}

function isWait(value: unknown): value is Wait {
  return typeof value === 'object' && value !== null && 'queuedMs' in value
}

/** Only cancelled waits are left. */
function hasEnded(state: unknown): boolean {
  if (state instanceof Map) return [...state.values()].every(hasEnded)
  return Array.isArray(state) && isWait(state[0]) && !(state as Wait[]).some(isRunning)
}

function isRunning(wait: Wait): boolean {
  return wait.dueMs !== Number.POSITIVE_INFINITY
}

type SavedWait = readonly [number, Wait['key'], number, number, string, readonly unknown[]]

function encodeWait({ node, key, dueMs, anchor }: Wait): SavedWait {
  return [node, key, dueMs, anchor.sequence, anchor.key, anchor.values]
}

interface Encoded {
  readonly bigint?: string
  readonly map?: readonly (readonly [Key, unknown])[]
  readonly sweptMs?: number
  readonly set?: readonly unknown[]
  readonly waits?: readonly SavedWait[]
  readonly record?: readonly (readonly [string, unknown])[]
  readonly raw?: unknown
}

function decode(state: unknown, waits: Wait[]): unknown {
  if (typeof state !== 'object' || state === null || Array.isArray(state)) return state
  const { bigint, map, sweptMs, set, waits: saved, record, raw } = state as Encoded
  if (bigint !== undefined) return BigInt(bigint)
  if (map !== undefined) {
    const keyed: Keyed<unknown> = new Map(map.map(([key, value]) => [key, decode(value, waits)]))
    if (sweptMs !== undefined) keyed.sweptMs = sweptMs
    return keyed
  }
  if (set !== undefined) return new Set(set)
  if (record !== undefined) {
    return Object.fromEntries(record.map(([name, value]) => [name, decode(value, waits)]))
  }
  if (saved === undefined) return raw
  const list = saved.map(([node, key, dueMs, sequence, anchorKey, values]): Wait => {
    const anchor = { sequence, key: anchorKey, values }
    return { node, key, dueMs, queuedMs: dueMs, queuedSequence: sequence, anchor }
  })
  waits.push(...list)
  return list
}
