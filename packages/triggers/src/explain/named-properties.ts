import type { Definitions } from '../definition/definition.ts'

/**
 * Names of event properties and traits that triggers and segments ask about: compared, correlated by, totalled, or
 * passed on to messages. Of a path its first name. Sorted.
 */
export function namedProperties({
  triggers,
  segments,
}: Pick<Definitions, 'triggers' | 'segments'>): readonly string[] {
  const names = new Set<string>()
  collect(
    [triggers.map(({ when, who, goals, exits, journey }) => [when, who, goals, exits, journey]), segments],
    names,
  )
  return [...names].sort()
}

const namingKeys: ReadonlySet<string> = new Set(['property', 'by', 'anchor', 'trait'])

function collect(part: unknown, names: Set<string>): void {
  if (Array.isArray(part)) {
    for (const each of part as readonly unknown[]) collect(each, names)
  } else if (typeof part === 'object' && part !== null) {
    for (const [key, value] of Object.entries(part)) {
      // `anchor: 'last'` of a `without` is a way to wait, and no path.
      const isPath = typeof value === 'string' && namingKeys.has(key) && !('for' in part && key === 'anchor')
      if (isPath) names.add(value.split(/[.[]/, 1)[0] ?? '')
      else collect(value, names)
    }
  }
}
