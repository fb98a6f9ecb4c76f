import { invalid } from './errors.ts'
import { readFields, type JsonObject } from './body.ts'
import { hubspotSizes } from './limits.ts'
import type { Portal } from './portal.ts'
import { blankProperty, type PropertyDefinition } from './property-definitions.ts'
import { readOptions } from './routes/properties.ts'

/** What `includeDefaultProperties` adds. The custom events guide of https://developers.hubspot.com/docs. */
export const defaultEventProperties = [
  'hs_asset_description',
  'hs_asset_type',
  'hs_browser',
  'hs_campaign_id',
  'hs_city',
  'hs_country',
  'hs_device_name',
  'hs_device_type',
  'hs_element_class',
  'hs_element_id',
  'hs_element_text',
  'hs_language',
  'hs_link_href',
  'hs_operating_system',
  'hs_operating_version',
  'hs_page_content_type',
  'hs_page_id',
  'hs_page_title',
  'hs_page_url',
  'hs_parent_module_id',
  'hs_referrer',
  'hs_region',
  'hs_screen_height',
  'hs_screen_width',
  'hs_touchpoint_source',
  'hs_tracking_name',
  'hs_user_agent',
  'hs_utm_campaign',
  'hs_utm_content',
  'hs_utm_medium',
  'hs_utm_source',
  'hs_utm_term',
] as const

const fieldTypes: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  enumeration: 'select',
  datetime: 'date',
}

/** A name made from a label, as HubSpot does it. */
export const nameFromLabel = (label: string): string =>
  label
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^[^a-z]+/, '')

/** @throws {Refusal} 400 for a wrong name or type. */
export function readEventProperty(portal: Portal, given: JsonObject): PropertyDefinition {
  const fields = readFields(
    portal.account,
    given,
    { label: 'string', type: 'string', name: 'string?', description: 'string?', options: 'array?' },
    'propertyDefinitions.',
  )
  const name = fields.name ?? nameFromLabel(fields.label)
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw invalid(`Event property name "${name}" must match ^[a-z][a-z0-9_]*$`)
  if (name.length > hubspotSizes.eventPropertyNameChars)
    throw invalid(
      `Event property name "${name}" is longer than ${hubspotSizes.eventPropertyNameChars} characters`,
    )
  const fieldType = fieldTypes[fields.type]
  if (fieldType === undefined)
    throw invalid(`Event property type "${fields.type}" is none of string, number, enumeration, datetime`)
  if (fields.type === 'enumeration' && (fields.options ?? []).length === 0)
    throw invalid(`Event property "${name}" needs options`)
  return {
    ...eventProperty(portal, name, fields.type, fieldType),
    label: fields.label,
    description: fields.description ?? '',
    options: readOptions(portal, fields.type, fields.options ?? []),
  }
}

function eventProperty(portal: Portal, name: string, type: string, fieldType: string): PropertyDefinition {
  const at = portal.nowIso()
  return {
    ...blankProperty,
    name,
    label: name,
    groupName: 'eventinformation',
    type,
    fieldType,
    createdAt: at,
    updatedAt: at,
  }
}

export const defaultProperties = (portal: Portal): readonly PropertyDefinition[] =>
  defaultEventProperties.map((name) => ({
    ...eventProperty(portal, name, 'string', 'text'),
    hubspotDefined: true,
  }))
