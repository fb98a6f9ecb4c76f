import type { Builder } from './builder.ts'
import { readSlot, writeSlot, type MatcherUser } from './user.ts'

/** Over which events a condition counts. */
export interface Window {
  /** How long an event is in it at most; absent where that is not known before. */
  readonly withinMs?: number
  /** Events at or before this are out, asked at an instant. `Infinity`: there are none. */
  readonly outMs: (user: MatcherUser, atMs: number) => number
  /** Events at or before this will never be in again, as of an event that is just read. */
  readonly forgetMs: (user: MatcherUser, atMs: number) => number
  /** When by mere time an event that is in goes out; `Infinity`: never. */
  readonly leaveMs: (user: MatcherUser, eventMs: number) => number
}

const never = (): number => Number.POSITIVE_INFINITY
const allTime = (): number => Number.NEGATIVE_INFINITY
export const ever: Window = {
  withinMs: Number.POSITIVE_INFINITY,
  outMs: allTime,
  forgetMs: allTime,
  leaveMs: never,
}

/** `(t−d, t]`. */
export function trailing(lengthMs: number): Window {
  const outMs = (_: MatcherUser, atMs: number) => atMs - lengthMs
  return { withinMs: lengthMs, outMs, forgetMs: outMs, leaveMs: (_, eventMs) => eventMs + lengthMs }
}

/** Of the latest session its first and its last event of the user's own. */
export interface Session {
  startMs: number
  lastMs: number
}

/**
 * The current session. What a vendor reports may lie in it, also in the very millisecond in which it starts, before the
 * event that starts it.
 */
export function currentSession(builder: Builder): Window {
  const gapMs = builder.sessionGapMs
  builder.sessionSlot ??= builder.newSlot({
    save: (state) => [(state as Session).startMs, (state as Session).lastMs],
    load: (saved) => {
      const [startMs, lastMs] = saved as readonly [number, number]
      return { startMs, lastMs } satisfies Session
    },
  })
  const slot = builder.sessionSlot
  builder.dependOn('everything')
  const current = (user: MatcherUser, atMs: number): Session | undefined => {
    const session = readSlot(user, slot) as Session | undefined
    return session !== undefined && session.lastMs >= atMs - gapMs ? session : undefined
  }
  return {
    outMs(user, atMs) {
      const session = current(user, atMs)
      return session === undefined ? Number.POSITIVE_INFINITY : session.startMs - 1
    },
    forgetMs: (user, atMs) => (current(user, atMs)?.startMs ?? atMs) - 1,
    leaveMs: (user) => (readSlot(user, slot) as Session).lastMs + gapMs + 1,
  }
}

/** The user's own event lengthens the session, or starts one. */
export function updateSession(user: MatcherUser, slot: number, atMs: number, gapMs: number): void {
  const session = readSlot(user, slot) as Session | undefined
  if (session === undefined) writeSlot(user, slot, { startMs: atMs, lastMs: atMs } satisfies Session)
  else {
    if (atMs - session.lastMs > gapMs) session.startMs = atMs
    session.lastMs = atMs
  }
}
