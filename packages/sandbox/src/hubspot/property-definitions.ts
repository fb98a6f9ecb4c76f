import { definedCompanyProperties, definedContactProperties } from './defined-properties.ts'

export interface PropertyOption {
  readonly label: string
  readonly value: string
  readonly hidden: boolean
  readonly displayOrder: number
  readonly description?: string
}
/** A property of a contact, a company or an event, as HubSpot answers it. */
export interface PropertyDefinition {
  readonly name: string
  readonly label: string
  readonly description: string
  readonly groupName: string
  readonly type: string
  readonly fieldType: string
  readonly options: readonly PropertyOption[]
  readonly hasUniqueValue: boolean
  readonly hidden: boolean
  readonly formField: boolean
  readonly displayOrder: number
  readonly hubspotDefined: boolean
  readonly calculated: boolean
  readonly externalOptions: boolean
  readonly archived: boolean
  readonly modificationMetadata: {
    readonly archivable: boolean
    readonly readOnlyDefinition: boolean
    readonly readOnlyOptions?: boolean
    readonly readOnlyValue: boolean
  }
  readonly createdAt: string
  readonly updatedAt: string
}
export interface PropertyGroup {
  readonly name: string
  readonly label: string
  readonly displayOrder: number
  readonly archived: boolean
}

/** Which form field each type may have. `https://github.com/HubSpot/HubSpot-public-api-spec-collection`, `PropertyCreate`. */
export const legalFieldTypes: Readonly<Record<string, readonly string[]>> = {
  string: ['text', 'textarea', 'html', 'phonenumber', 'file'],
  number: ['number'],
  bool: ['booleancheckbox'],
  enumeration: ['select', 'radio', 'checkbox', 'booleancheckbox'],
  date: ['date'],
  datetime: ['date'],
  phone_number: ['phonenumber'],
}

export const toOptions = (values: readonly string[]): readonly PropertyOption[] =>
  values.map((value, displayOrder) => ({ label: value, value, hidden: false, displayOrder }))

/** HubSpot's own properties of one object type. */
export function definedProperties(
  type: 'contacts' | 'companies',
  atMs: number,
): Map<string, PropertyDefinition> {
  const at = new Date(atMs).toISOString()
  const rows = type === 'contacts' ? definedContactProperties : definedCompanyProperties
  const definitions = new Map<string, PropertyDefinition>()
  for (const [name, [mark, fieldType, options = []]] of Object.entries(rows)) {
    definitions.set(name, {
      ...blankProperty,
      name,
      label: name,
      groupName: `${type === 'contacts' ? 'contact' : 'company'}information`,
      type: mark.replace('!', ''),
      fieldType,
      options: toOptions(options),
      hubspotDefined: true,
      modificationMetadata: {
        archivable: false,
        readOnlyDefinition: true,
        readOnlyValue: mark.startsWith('!'),
      },
      createdAt: at,
      updatedAt: at,
    })
  }
  return definitions
}

/** What a new definition has unless it says otherwise. */
export const blankProperty = {
  description: '',
  options: [],
  hasUniqueValue: false,
  hidden: false,
  formField: false,
  displayOrder: -1,
  hubspotDefined: false,
  calculated: false,
  externalOptions: false,
  archived: false,
  modificationMetadata: { archivable: true, readOnlyDefinition: false, readOnlyValue: false },
} as const satisfies Partial<PropertyDefinition>
