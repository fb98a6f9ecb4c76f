import { normaliseDefinitions, type Definitions, type OccasionInput } from '@tripline/triggers'

const track = (name: string) => ({ type: 'track', name }) as const
const [viewed, added, ordered] = [track('Product Viewed'), track('Product Added'), track('Order Completed')]
const sameProduct = { kind: 'property', property: 'product_id', op: 'eq', anchor: 'product_id' } as const
const noOrder = { kind: 'without', base: { kind: 'on', event: added }, event: ordered, for: '1h' } as const

/** Six rules as a shop has them: waits, counts per product, a pause, a count of anything, a sequence. */
const sixOccasions: readonly OccasionInput[] = [
  noOrder,
  { ...noOrder, anchor: 'every' },
  {
    kind: 'given',
    base: { kind: 'times', event: viewed, count: 3, within: '24h', by: 'product_id' },
    condition: {
      kind: 'not',
      condition: { kind: 'did', event: { ...added, where: sameProduct }, within: '24h' },
    },
  },
  {
    kind: 'given',
    base: { kind: 'inactive', for: '48h' },
    condition: { kind: 'did', event: { type: 'any' }, count: { op: 'gte', value: 2 } },
  },
  { kind: 'times', event: { type: 'any' }, count: 5, within: '10m' },
  {
    kind: 'without',
    base: {
      kind: 'sequence',
      steps: [{ event: viewed }, { event: added }],
      within: '30m',
      reuse: true,
      by: 'product_id',
    },
    event: ordered,
    for: '24h',
    anchor: 'every',
  },
]

export const sixRules = define(sixOccasions)

/** `count` waits, each on an event of a name of its own: the first ten on names of `nameOf(0)` to `nameOf(9)`, and so on. */
export function rulesByName(count: number): Definitions {
  const occasions = Array.from({ length: count }, (_, index): OccasionInput => {
    const base = { kind: 'times', event: track(nameOf(index)), count: 2, within: '1h' } as const
    return { kind: 'without', base, event: track(nameOf(index + 1)), for: '1h' }
  })
  return define(occasions)
}

export function nameOf(index: number): string {
  return `Event ${index}`
}

function define(occasions: readonly OccasionInput[]): Definitions {
  const triggers = occasions.map((when, index) => ({ specVersion: 1, id: `rule-${index}`, when }) as const)
  return normaliseDefinitions({ specVersion: 1, triggers })
}
