import type { Comparison, CountComparison, Predicate } from '../comparison.ts'
import type { EventMatch } from '../event-match.ts'
import { later, named, optional, reader, refuse, required, type FieldReader, type Read } from './reader.ts'
import { choice, list, object } from './structures.ts'
import {
  readBoolean,
  readDurationText,
  readInteger,
  readOneOf,
  readPath,
  readText,
  readValue,
} from './scalars.ts'

const withOperand = [
  'eq',
  'neq',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'startsWith',
  'before',
  'after',
] as const
const countOperators = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte'] as const

type Fields = { readonly [name: string]: FieldReader<unknown> }

/** Reads the comparison fields together with the fields around them. */
export function comparing<Around extends object>(around: {
  readonly [Name in keyof Around]-?: FieldReader<Exclude<Around[Name], undefined>>
}): Read<Around & Comparison> {
  const other = around as unknown as Fields
  const operand = exactlyOneOperand(
    object({
      ...other,
      op: required(readOneOf(withOperand)),
      value: optional(readValue),
      anchor: optional(readPath),
    }),
  )
  const readers: Record<string, Read<object>> = {
    in: object({ ...other, op: required(readOneOf(['in'])), values: required(list(readValue, 1)) }),
    exists: object({ ...other, op: required(readOneOf(['exists'])), value: required(readBoolean) }),
    withinLast: object({
      ...other,
      op: required(readOneOf(['withinLast'])),
      duration: required(readDurationText),
    }),
    withinNext: object({
      ...other,
      op: required(readOneOf(['withinNext'])),
      duration: required(readDurationText),
    }),
  }
  for (const operator of withOperand) readers[operator] = operand
  return choice('op', readers) as Read<Around & Comparison>
}

function exactlyOneOperand(read: Read<object>): Read<object> {
  return reader(
    (input, place) => {
      const result = read(input, place)
      if (result === undefined || 'value' in result !== 'anchor' in result) return result
      return refuse(place, 'needs exactly one of value and anchor', ['value', 'anchor'])
    },
    (names) => ({
      ...(read.describe(names) as object),
      oneOf: [{ required: ['value'] }, { required: ['anchor'] }],
    }),
  )
}

export const readCount: Read<CountComparison> = object({
  op: required(readOneOf(countOperators)),
  value: required(readInteger(0)),
})

/** Several of one is that one; nested lists of the same kind become one list. */
export function readLogic<Node extends { readonly kind: string }>(
  name: 'conditions' | 'predicates',
  readNode: Read<Node>,
): Read<Node> {
  type Logic = Node & { readonly [each in typeof name]: readonly Node[] }
  const fields: Fields = { kind: required(readOneOf(['and', 'or'])), [name]: required(list(readNode, 1)) }
  const read = object<object>(fields)
  return reader((input, place) => {
    const before = place.mistakes.length
    const node = read(input, place) as Logic | undefined
    if (node === undefined || place.mistakes.length > before) return undefined
    if (place.asWritten) return node
    const members = node[name].flatMap((member) =>
      member.kind === node.kind ? (member as Logic)[name] : [member],
    )
    return members.length === 1 ? members[0] : { ...node, [name]: members }
  }, read.describe)
}

const readLogicOfPredicates = readLogic<Predicate>(
  'predicates',
  later(() => readPredicate),
)
export const readPredicate: Read<Predicate> = named(
  'Predicate',
  choice<Predicate>('kind', {
    property: comparing<{ kind: 'property'; property: string }>({
      kind: required(readOneOf(['property'])),
      property: required(readPath),
    }),
    and: readLogicOfPredicates,
    or: readLogicOfPredicates,
  }),
)

const where = optional(readPredicate)
const page: Read<EventMatch> = object({
  type: required(readOneOf(['page', 'screen'])),
  name: optional(readText),
  where,
}) as Read<EventMatch>
const whole: Read<EventMatch> = object({
  type: required(readOneOf(['identify', 'any'])),
  where,
}) as Read<EventMatch>

export const readEventMatch: Read<EventMatch> = named(
  'EventMatch',
  choice<EventMatch>('type', {
    track: object({
      type: required(readOneOf(['track'])),
      name: required(readText),
      where,
    }) as Read<EventMatch>,
    page,
    screen: page,
    identify: whole,
    any: whole,
  }),
)
