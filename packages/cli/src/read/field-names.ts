import type { Field } from '@tripline/model'

/** `a,b`, or the user fields of the registry. */
export function readFieldNames(
  given: string | undefined,
  registry: readonly Field[] = [],
): readonly string[] {
  if (given !== undefined) return given.split(',').filter((name) => name !== '')
  return registry.flatMap(({ of, name }) => (of === 'user' ? [name] : []))
}
