import type { Definitions, Engine, EngineUser, StateAt } from '@tripline/triggers'

/** Which segments the user is in, and whose `who` holds, with the values they had. `atMs`: up to which the user is read. */
export function stateHeld(
  { segments, triggers }: Definitions,
  engine: Engine,
  user: EngineUser,
  atMs: number,
): Pick<StateAt, 'segments' | 'who'> {
  return {
    segments: segments.map(({ id }) => {
      const condition = engine.explainSegment(user, id, atMs)
      return { segment: id, member: engine.isMember(user, id, atMs), ...(condition && { condition }) }
    }),
    who: triggers.flatMap(({ id }) => {
      const condition = engine.explainWho(user, id, atMs)
      return condition ? [{ trigger: id, condition }] : []
    }),
  }
}
