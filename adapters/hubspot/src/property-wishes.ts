import type { Field } from '@tripline/model'
import type { PropertyInput } from './client.ts'
import { foldName } from './mapping/names.ts'
import { orderProperties, orderStem } from './mapping/orders.ts'
import type { PropertyMapper } from './mapping/profiles.ts'
import { companyIdPropertyOf } from './options.ts'
import { propertyTypes } from './property-types.ts'
import { tallyProperties } from './tally.ts'
import type { HubSpotTools } from './tools.ts'

/** All properties that we make are in this group of HubSpot's interface. */
export const propertyGroup = 'tripline'

/** One property to have, and the field that asks for it; none: the connector needs it itself. */
export interface Wish {
  readonly input: PropertyInput
  readonly field?: Field
}

/** Contact properties: our id, those of the fields, and what counted events are kept in. */
export const contactWishes = (tools: HubSpotTools, fields: readonly Field[]): readonly Wish[] => [
  wishOf(tools.idProperty, 'Tripline user id', 'string', true),
  ...fieldWishes(fields, 'user', tools.profiles),
  ...tallyWishes(tools, fields),
]
/** Company properties: our id, and those of the fields. */
export const companyWishes = (tools: HubSpotTools, fields: readonly Field[]): readonly Wish[] => [
  wishOf(companyIdPropertyOf(tools.options), 'Tripline group id', 'string', true),
  ...fieldWishes(fields, 'group', tools.companies),
]

function wishOf(name: string, label: string, type: Field['type'], unique = false): Wish {
  const { options, ...rest }: Pick<PropertyInput, 'type' | 'fieldType' | 'options'> = propertyTypes[type]
  return {
    input: {
      name,
      label,
      groupName: propertyGroup,
      ...rest,
      ...(options && { options }),
      ...(unique && { hasUniqueValue: true }),
    },
  }
}

function fieldWishes(
  fields: readonly Field[],
  of: 'user' | 'group',
  mapper: PropertyMapper,
): readonly Wish[] {
  return fields
    .filter((field) => field.of === of)
    .flatMap((field) => {
      const [name = '', currency] = mapper.vendorNames(field.name)
      const wish = { ...wishOf(name, field.name, field.type, field.unique === true), field }
      return currency === undefined ? [wish] : [wish, wishOf(currency, `${field.name} (currency)`, 'string')]
    })
}

/** For accounts without custom events. */
function tallyWishes({ events, options }: HubSpotTools, fields: readonly Field[]): readonly Wish[] {
  const counts = options.eventFallback === 'properties'
  if (!counts && options.orders !== 'properties') return []
  const names = new Set(
    counts ? fields.flatMap(({ of, event }) => (of === 'event' ? (event ?? []) : [])) : [],
  )
  const stems = new Set([...names].map((event) => foldName(events.eventName({ type: 'track', event }))))
  const { id, value, currency, total } = orderProperties
  return [
    ...[...stems, orderStem].flatMap((stem) => {
      const { at, count, key } = tallyProperties(stem)
      return [
        wishOf(at, `Last ${stem}`, 'instant'),
        wishOf(count, `Number of ${stem}`, 'integer'),
        wishOf(key, `Last counted ${stem}`, 'string'),
      ]
    }),
    wishOf(id, 'Last order', 'string'),
    wishOf(value, 'Value of the last order', 'number'),
    wishOf(currency, 'Currency of the orders', 'string'),
    wishOf(total, 'Value of all orders', 'number'),
  ]
}
