import type { EventItem, Instant, Item, MembershipItem, SegmentRef } from '@tripline/model'
import { currencies } from './traffic/catalogue.ts'

/** The demo's segment, worked out from the orders of the input. */
export interface Vips {
  /** The rule in words. */
  readonly rule: string
  /** Everybody who joined, by userId. */
  readonly joined: readonly string[]
  /** Those of them who left again. */
  readonly left: readonly string[]
}
const leastEuro = 150
const leastOrders = 5
const lapseDays = 14
const dayMs = 86_400_000

/** Who bought for so much, or so often where orders carry no revenue; members who stopped buying leave. */
export function findVips(items: readonly Item[], newestAt: Instant): Vips {
  const orders = items.filter(
    (item): item is EventItem => item.kind === 'event' && item.event.event === 'Order Completed',
  )
  const byRevenue = orders.some((order) => euroOf(order) > 0)
  const buyers = new Map<string, { score: number; lastAt: Instant }>()
  for (const order of orders) {
    const { userId } = order.who
    if (userId === undefined) continue
    const buyer = buyers.get(userId) ?? { score: 0, lastAt: order.at }
    buyer.score += byRevenue ? euroOf(order) : 1
    if (order.at > buyer.lastAt) buyer.lastAt = order.at
    buyers.set(userId, buyer)
  }
  const least = byRevenue ? leastEuro : leastOrders
  const lapsedAt = new Date(Date.parse(newestAt) - lapseDays * dayMs).toISOString()
  const joined = [...buyers].filter(([, { score }]) => score >= least)
  const bought = byRevenue ? `bought for ${leastEuro} EUR or more` : `ordered ${leastOrders} times or more`
  return {
    rule: `${bought}, and again in the last ${lapseDays} days`,
    joined: joined.map(([userId]) => userId),
    left: joined.filter(([, { lastAt }]) => lastAt < lapsedAt).map(([userId]) => userId),
  }
}

/** Revenue at the demo's fixed rates of exchange; 0 where it cannot be told. */
function euroOf({ event }: EventItem): number {
  const { revenue, currency } = event.properties
  const rate = currencies.find(({ code }) => code === currency)?.rate
  return typeof revenue === 'number' && rate !== undefined ? revenue / rate : 0
}

/** The memberships as items for one vendor: all who joined, then those who left. */
export function membershipItems(vips: Vips, segment: SegmentRef, at: Instant): readonly MembershipItem[] {
  const move = (userId: string, member: boolean): MembershipItem => ({
    kind: 'membership',
    key: `vip-${member ? 'join' : 'leave'}-${userId}`,
    lane: userId,
    at,
    who: { userId },
    segment,
    member,
  })
  return [...vips.joined.map((id) => move(id, true)), ...vips.left.map((id) => move(id, false))]
}
