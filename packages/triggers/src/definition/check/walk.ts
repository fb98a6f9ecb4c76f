/** Fields that hold data of the user of this package, not nodes of the definition. */
const data: readonly string[] = [
  'value',
  'values',
  'from',
  'to',
  'content',
  'data',
  'properties',
  'members',
  'plan',
]

export type Node = Readonly<Record<string, unknown>>
/** Called for every object of a definition, outer ones first. `false`: its inside is left out. */
export type Visit = (node: Node, path: string) => boolean | void

/** Visits every node of a definition with its path. */
export function walk(value: unknown, path: string, visit: Visit): void {
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) walk(each, `${path}[${index}]`, visit)
    return
  }
  if (typeof value !== 'object' || value === null || visit(value as Node, path) === false) return
  for (const [name, each] of Object.entries(value)) {
    if (!data.includes(name)) walk(each, path === '' ? name : `${path}.${name}`, visit)
  }
}
