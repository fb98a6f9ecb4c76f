import type { FieldType } from '@tripline/model'
import type { Predicate } from '../definition/comparison.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { PropertyTypes } from '../definition/plan.ts'
import { anchor, type Anchor, type Check } from './checks.ts'

/** Any check fits where nothing is declared. */
export type Accepted<Type extends FieldType> = Check<FieldType extends Type ? never : Type>
/** Checks by property, all of which must fit; a list of checks of one property, too. */
export type Where<Properties extends PropertyTypes> = {
  readonly [Property in keyof Properties]?:
    | Accepted<Properties[Property]>
    | readonly Accepted<Properties[Property]>[]
}

/** Which events a condition or an occasion is about. */
export interface EventChoice<Properties extends PropertyTypes = PropertyTypes> {
  readonly match: EventMatch
  /** Only those that fit; of several arguments any. @example added.where({ price: [above(100), below(200)] }) */
  where(...any: readonly [Where<Properties>, ...Where<Properties>[]]): EventChoice<Properties>
  /** A property of this event where it is the anchor. @example viewed.where({ product_id: is(added.anchor('product_id')) }) */
  anchor<Path extends keyof Properties & string>(path: Path): Anchor<Properties[Path]>
}

export function chooseEvent<Properties extends PropertyTypes>(match: EventMatch): EventChoice<Properties> {
  return {
    match,
    anchor,
    where: (...any) => {
      const [only, ...others] = any.map(allOf)
      if (only === undefined) return chooseEvent(match)
      const where: Predicate = others.length === 0 ? only : { kind: 'or', predicates: [only, ...others] }
      const both: Predicate = match.where ? { kind: 'and', predicates: [match.where, where] } : where
      return chooseEvent({ ...match, where: both })
    },
  }
}

function allOf(checks: object): Predicate {
  const entries = Object.entries(checks) as readonly (readonly [string, Given | readonly Given[]])[]
  const predicates = entries.flatMap(([property, given]) =>
    [given]
      .flat()
      .flatMap((check): readonly Predicate[] =>
        check === undefined ? [] : [{ kind: 'property', property, ...check.comparison }],
      ),
  )
  return { kind: 'and', predicates }
}
type Given = Check<FieldType> | undefined

/** A `track` event of any name; nothing about its properties is checked. `plan.event` is typed. */
export function event(name: string): EventChoice {
  return chooseEvent({ type: 'track', name })
}
/** What is written about the user: the properties are the traits of the message. */
export function identified(): EventChoice {
  return chooseEvent({ type: 'identify' })
}
/** Every track, page, screen and identify event, not what a vendor reports about our own sends. */
export function anyEvent(): EventChoice {
  return chooseEvent({ type: 'any' })
}
/** Views of a page; without a name of every page. */
export function page(name?: string): EventChoice {
  return chooseEvent({ type: 'page', ...(name !== undefined && { name }) })
}
/** Views of a screen; without a name of every screen. */
export function screen(name?: string): EventChoice {
  return chooseEvent({ type: 'screen', ...(name !== undefined && { name }) })
}
