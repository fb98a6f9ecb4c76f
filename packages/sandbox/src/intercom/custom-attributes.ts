import { isObject, refuseParameter } from './errors.ts'
import { intercomLimits } from './limits.ts'
import type { IntercomContext } from './state.ts'
import type { AttributeType, DataAttribute, Scalar } from './stored.ts'

/** Values to store; `null` clears. */
export type AttributeChanges = Readonly<Record<string, Scalar | null>>

const fits: Readonly<Record<AttributeType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  float: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  date: (value) => Number.isInteger(value),
}

/**
 * Checks `custom_attributes` as a whole: one unknown name refuses the request.
 *
 * Only the text about unknown attributes is known from connectors (rudderlabs/rudder-transformer). That a wrong type,
 * an undeclared option or over-long text is refused is the stricter reading. Associations with custom objects
 * (arrays of instance ids) are not simulated.
 */
export function readCustomAttributes(
  value: unknown,
  model: DataAttribute['model'],
  context: IntercomContext,
): AttributeChanges {
  if (value === undefined || value === null) return {}
  if (!isObject(value)) return refuseParameter('custom_attributes must be an object')
  const changes: Record<string, Scalar | null> = {}
  for (const [name, given] of Object.entries(value)) {
    const attribute = context.store().attributeByName.get(name)
    if (!attribute || attribute.model !== model || attribute.archived)
      return refuseParameter(`Custom attribute '${name}' does not exist`)
    changes[name] = given === null ? null : readValue(attribute, given, context)
  }
  return changes
}

function readValue(attribute: DataAttribute, given: unknown, context: IntercomContext): Scalar {
  const { name, data_type: type, options } = attribute
  if (!fits[type](given)) return refuseParameter(`Custom attribute '${name}' must be of type ${type}`)
  if (typeof given !== 'string') return given as Scalar
  if (options && !options.includes(given))
    return refuseParameter(`'${given}' is not an option of custom attribute '${name}'`)
  return fitText(name, given, context)
}

function fitText(name: string, text: string, context: IntercomContext): string {
  const { max } = intercomLimits.attributeText
  const characters = Array.from(text)
  if (characters.length <= max) return text
  if (context.account().longStrings === 'reject')
    return refuseParameter(`Custom attribute '${name}' is longer than ${max} characters`)
  context.store().counters.textsTruncated++
  return characters.slice(0, max).join('')
}

export function applyAttributes(stored: Record<string, Scalar>, changes: AttributeChanges): void {
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete stored[name]
    else stored[name] = value
  }
}
