export type Pair<Item> = readonly [before: Item | undefined, after: Item | undefined]

/**
 * Pairs two lists: items with the same key first, one after another; what is left by each further key in turn. What then
 * has no partner stands alone. In the order of `before`, then the rest of `after`.
 */
export function pairUp<Item>(
  before: readonly Item[],
  after: readonly Item[],
  keys: readonly ((item: Item) => string)[],
): readonly Pair<Item>[] {
  const partners = new Map<Item, Item>()
  const taken = new Set<Item>()
  for (const keyOf of keys) {
    const open = new Map<string, Item[]>()
    for (const item of after) {
      if (taken.has(item)) continue
      const key = keyOf(item)
      open.set(key, [...(open.get(key) ?? []), item])
    }
    for (const item of before) {
      const partner = partners.has(item) ? undefined : open.get(keyOf(item))?.shift()
      if (partner === undefined) continue
      partners.set(item, partner)
      taken.add(partner)
    }
  }
  return [
    ...before.map((item): Pair<Item> => [item, partners.get(item)]),
    ...after.filter((item) => !taken.has(item)).map((item): Pair<Item> => [undefined, item]),
  ]
}
