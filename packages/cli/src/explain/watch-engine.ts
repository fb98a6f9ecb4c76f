import type { Engine, EngineUser } from '@tripline/triggers'

/** The moment that is watched for. */
export interface Watch {
  readonly userId: string
  readonly atMs: number
  /** Told once, when everything at the moment is decided and nothing after it is read. */
  readonly onReached: (engine: Engine, user: EngineUser) => void
}

/** The same engine, which stops at a moment of one user. */
export function watchEngine(engine: Engine, { userId, atMs, onReached }: Watch): Engine {
  let isReached = false
  return {
    ...engine,
    advance(user, next, untilMs, emit, options) {
      if (isReached || user.userId !== userId || untilMs <= atMs) {
        engine.advance(user, next, untilMs, emit, options)
        return
      }
      isReached = true
      const { events, facts = [] } = next
      const isBefore = (each: { readonly atMs: number }): boolean => each.atMs <= atMs
      const isAfter = (each: { readonly atMs: number }): boolean => each.atMs > atMs
      engine.advance(
        user,
        { events: events.filter(isBefore), facts: facts.filter(isBefore) },
        atMs + 1,
        emit,
        options,
      )
      onReached(engine, user)
      engine.advance(
        user,
        { events: events.filter(isAfter), facts: facts.filter(isAfter) },
        untilMs,
        emit,
        options,
      )
    },
  }
}
