import type {
  Connector,
  ConsentItem,
  EventItem,
  GroupItem,
  LinkItem,
  MembershipItem,
  Page,
  ProfileItem,
  Report,
} from '@tripline/model'
import type { Recorder } from '../validating-fetch.ts'

/** Makes an adapter send every kind of request it has, to its simulator. */
export interface Scenario {
  run(recorder: Recorder): Promise<void>
}

/** Two minutes before a sandbox's clock was started: late enough for all vendors, early enough for none to object. */
export const at = new Date(Date.now() - 120_000).toISOString()

const base = (
  key: string,
  lane: string,
): { readonly key: string; readonly lane: string; readonly at: string } => ({
  key,
  lane,
  at,
})
let made = 0
const key = (kind: string): string => `${kind}-${(made += 1)}`

/** Items about a person with the given `userId`. */
export function itemsOf(userId: string) {
  const who = { userId }
  return {
    event: (
      event: string,
      properties: EventItem['event']['properties'] = {},
      more: Partial<EventItem> = {},
    ): EventItem => ({
      kind: 'event',
      ...base(key('event'), userId),
      who,
      event: { type: 'track', event, properties },
      ...more,
    }),
    profile: (set: ProfileItem['set'], more: Partial<ProfileItem> = {}): ProfileItem => ({
      kind: 'profile',
      ...base(key('profile'), userId),
      who,
      set,
      ...more,
    }),
    group: (groupId: string, set: GroupItem['set'], more: Partial<GroupItem> = {}): GroupItem => ({
      kind: 'group',
      ...base(key('group'), groupId),
      groupType: 'company',
      groupId,
      set,
      member: who,
      ...more,
    }),
    link: (anonymousId: string): LinkItem => ({
      kind: 'link',
      ...base(key('link'), userId),
      known: who,
      other: { anonymousId },
    }),
    membership: (segment: MembershipItem['segment'], member: boolean): MembershipItem => ({
      kind: 'membership',
      ...base(key('membership'), userId),
      who,
      segment,
      member,
    }),
    consent: (
      channel: string,
      state: ConsentItem['state'],
      more: Partial<ConsentItem> = {},
    ): ConsentItem => ({ kind: 'consent', ...base(key('consent'), userId), who, channel, state, ...more }),
    start: (
      kind: 'canvas' | 'campaign' | 'event' | 'segment' | 'message',
      id: string,
      data: ProfileItem['set'] = { coupon: 'X1', amount: 5 },
    ) => ({ ...base(key('start'), userId), who, via: { kind, id }, data }) as const,
  }
}

/** An order with everything that the Segment Spec names. */
export const order = {
  order_id: 'o1',
  currency: 'EUR',
  total: 42.5,
  revenue: 40,
  shipping: 2.5,
  tax: 6.4,
  coupon: 'SPRING',
  products: [
    { product_id: 'p1', sku: 'S1', name: 'Shoe', variant: 'red', price: 20, quantity: 2, category: 'Shoes' },
  ],
} as const

/** Values of every type a trait may have. */
export const traits = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  phone: '+4915112345678',
  plan: 'pro',
  visits: 3,
  score: 1.5,
  vip: true,
  signedUpAt: '2026-01-02T03:04:05.000Z',
  tags: ['a', 'b'],
} as const

/** @throws {Error} an item was not sent: the scenario then does not show what it should */
export function expectArrival({ results }: Report): void {
  const odd = results.filter(({ outcome }) => outcome.status !== 'sent')
  if (odd.length > 0) throw new Error(`not delivered: ${JSON.stringify(odd)}`)
}

/** All items of all pages. */
export async function collect<Item>(pages: AsyncIterable<Page<Item>>): Promise<readonly Item[]> {
  const items: Item[] = []
  for await (const page of pages) items.push(...page.items)
  return items
}

/** Reads what a connector can read of profiles; `modes` are those the vendor has. */
export async function readEverybody(
  connector: Connector,
  modes: readonly ('since' | 'all' | 'ids')[],
  fields: readonly string[],
): Promise<void> {
  const who = [{ userId: 'u1' }, { userId: 'nobody' }]
  for (const mode of modes) {
    const rows = await collect(
      connector.readProfiles(
        mode === 'ids'
          ? { mode, fields, who }
          : mode === 'all'
            ? { mode, fields }
            : { mode, fields, from: new Date(Date.parse(at) - 86_400_000).toISOString() },
      ),
    )
    if (rows.length === 0) throw new Error(`nobody was read in mode ${mode}`)
  }
}
