import { isJson, type Json } from './store-types.ts'

export interface Problem {
  readonly field: string
  readonly message: string
}
export interface FieldRule {
  readonly type: 'string' | 'boolean' | 'number' | 'object' | 'array' | 'strings' | 'any'
  readonly required?: true
  readonly oneOf?: readonly string[]
  readonly shape?: Shape
  readonly items?: Shape
  readonly nullable?: true
  readonly maxItems?: number
}
export type Shape = Readonly<Record<string, FieldRule>>

/** What is wrong with a Public API body. Fields that are not described are refused (stricter reading). */
export function checkInput(body: unknown, shape: Shape, prefix = ''): Problem[] {
  if (!isJson(body)) return [{ field: prefix.replace(/\.$/, '') || 'body', message: 'must be an object' }]
  const unknown = Object.keys(body)
    .filter((name) => !(name in shape))
    .map((name) => ({ field: `${prefix}${name}`, message: 'is not a known field' }))
  return [
    ...unknown,
    ...Object.entries(shape).flatMap(([name, rule]) => checkField(body, name, rule, prefix)),
  ]
}

function checkField(body: Json, name: string, rule: FieldRule, prefix: string): Problem[] {
  const field = `${prefix}${name}`
  const value = body[name]
  if (value === undefined) return rule.required ? [{ field, message: 'is required' }] : []
  if (value === null && rule.nullable) return []
  if (!hasType(value, rule))
    return [
      {
        field,
        message: `must be ${rule.type === 'strings' ? 'an array of strings' : `of type ${rule.type}`}`,
      },
    ]
  if (rule.required && value === '') return [{ field, message: 'must not be empty' }]
  if (rule.oneOf && !(rule.oneOf as readonly unknown[]).includes(value))
    return [{ field, message: `must be one of ${rule.oneOf.join(', ')}` }]
  if (rule.maxItems !== undefined && Array.isArray(value) && value.length > rule.maxItems)
    return [{ field, message: `must have at most ${rule.maxItems} items` }]
  const { items } = rule
  if (items && Array.isArray(value))
    return value.flatMap((item, index) => checkInput(item, items, `${field}.${index}.`))
  return rule.shape ? checkInput(value, rule.shape, `${field}.`) : []
}

function hasType(value: unknown, { type }: FieldRule): boolean {
  if (type === 'any') return true
  if (type === 'object') return isJson(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'strings') return Array.isArray(value) && value.every((item) => typeof item === 'string')
  return typeof value === type
}
