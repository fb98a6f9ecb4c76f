/** Several names that a vendor would hold as one. */
export interface Collision {
  readonly folded: string
  /** In the order given, without repeats. */
  readonly names: readonly string[]
}

/**
 * The names that become one name under a vendor's fold (lower-casing, replaced characters). Ask at start: an empty
 * list means that the fold is safe, anything else is a mistake of the definition, since two fields would overwrite each
 * other. Repeats of one name are no collision.
 * @example foldCollisions(['Plan', 'plan', 'age'], (name) => name.toLowerCase()) // => [{ folded: 'plan', names: ['Plan', 'plan'] }]
 */
export function foldCollisions(
  names: Iterable<string>,
  fold: (name: string) => string,
): readonly Collision[] {
  const byFolded = new Map<string, Set<string>>()
  for (const name of names) {
    const folded = fold(name)
    const group = byFolded.get(folded)
    if (group === undefined) byFolded.set(folded, new Set([name]))
    else group.add(name)
  }
  return [...byFolded]
    .filter(([, group]) => group.size > 1)
    .map(([folded, group]) => ({ folded, names: [...group] }))
}
