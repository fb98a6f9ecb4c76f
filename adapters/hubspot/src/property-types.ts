import type { FieldType } from '@tripline/model'

interface PropertyType {
  readonly type: string
  readonly fieldType: string
  readonly options?: readonly {
    readonly label: string
    readonly value: string
    readonly displayOrder: number
    readonly hidden: boolean
  }[]
}
const yesNo = [
  { label: 'Yes', value: 'true', displayOrder: 0, hidden: false },
  { label: 'No', value: 'false', displayOrder: 1, hidden: false },
] as const

/** Canonical type → type of a contact or company property. https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide */
export const propertyTypes = {
  string: { type: 'string', fieldType: 'text' },
  number: { type: 'number', fieldType: 'number' },
  integer: { type: 'number', fieldType: 'number' },
  boolean: { type: 'bool', fieldType: 'booleancheckbox', options: yesNo },
  date: { type: 'date', fieldType: 'date' },
  instant: { type: 'datetime', fieldType: 'date' },
  strings: { type: 'enumeration', fieldType: 'checkbox', options: [] },
  money: { type: 'number', fieldType: 'number' },
  object: { type: 'string', fieldType: 'textarea' },
} as const satisfies Readonly<Record<FieldType, PropertyType>>

/** Canonical type → type of a property of an event, of which there are four. */
export const eventPropertyTypes = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'enumeration',
  date: 'datetime',
  instant: 'datetime',
  strings: 'string',
  money: 'number',
  object: 'string',
} as const satisfies Readonly<Record<FieldType, string>>
export const eventOptions = yesNo

/** HubSpot's type → canonical type, for what is read. */
export function canonicalType(type: string, fieldType: string): FieldType {
  if (type === 'enumeration') return fieldType === 'checkbox' ? 'strings' : 'string'
  return vendorTypes[type] ?? 'string'
}
const vendorTypes: Readonly<Record<string, FieldType>> = {
  number: 'number',
  bool: 'boolean',
  date: 'date',
  datetime: 'instant',
}
