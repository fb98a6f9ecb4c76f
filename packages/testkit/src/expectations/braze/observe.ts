import type { Value, Values } from '@tripline/model'
import { createPictureBuilder } from '../picture-builder.ts'
import type { Picture } from '../picture.ts'
import { mergedAway } from './expect.ts'
import { attributeForm } from './values.ts'

/** The parts of the simulator's state that are read; it is plain data, in Braze's own words. */
interface State {
  readonly profiles: readonly {
    readonly braze_id: string
    readonly external_id?: string
    readonly user_aliases: readonly { readonly alias_name: string }[]
    readonly standard: Values
    readonly custom_attributes: Values
    readonly subscription_groups: Readonly<Record<string, string>>
  }[]
  readonly events: readonly Happened[]
  readonly purchases: readonly (Happened & {
    readonly product_id: string
    readonly currency: string
    readonly price: number
    readonly quantity: number
  })[]
}
interface Happened {
  readonly braze_id: string
  readonly name?: string
  readonly time: string
  readonly properties: Values
}

/** What the simulator of Braze holds. */
export function observeBraze(state: unknown): Picture {
  const { profiles, events, purchases } = state as State
  const picture = createPictureBuilder('braze')
  const names = new Map<string, string>()
  for (const profile of profiles) {
    const alias = profile.user_aliases[0]?.alias_name
    const name =
      profile.external_id !== undefined
        ? `user:${profile.external_id}`
        : alias === undefined
          ? `vendor:${profile.braze_id}`
          : `anonymous:${alias}`
    names.set(profile.braze_id, name)
    const facts: [string, Value][] = [
      ...Object.entries({ ...profile.standard, ...profile.custom_attributes }),
      ...Object.entries(profile.subscription_groups).map(([id, held]): [string, Value] => [
        `consent ${id}`,
        held,
      ]),
    ]
    for (const [what, value] of facts) picture.setFact(name, what, [attributeForm(value)])
  }
  const tell = ({ braze_id, time }: Happened, name: string, properties: Values): void =>
    picture.addEvent({ person: names.get(braze_id) ?? mergedAway, name, at: time, properties })
  for (const event of events) tell(event, event.name ?? '', event.properties)
  for (const { product_id, currency, price, quantity, ...purchase } of purchases)
    tell(purchase, '(purchase)', { ...purchase.properties, product_id, currency, price, quantity })
  return picture.build()
}
