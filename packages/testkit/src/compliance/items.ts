import type {
  ConsentItem,
  EventItem,
  GroupItem,
  Identity,
  LinkItem,
  MembershipItem,
  ProfileItem,
  SegmentRef,
  StartItem,
  Values,
} from '@tripline/model'
import { eventName } from './fields.ts'

/** Makes items with keys of their own, a second apart, all in the past; the lane is the person. */
export interface ItemMaker {
  event(who: string | Identity, properties?: Values, more?: Partial<EventItem>): EventItem
  profile(userId: string, set: Values, before?: Values): ProfileItem
  link(anonymousId: string, userId: string): LinkItem
  group(groupType: string, groupId: string, set: Values, memberId?: string): GroupItem
  membership(userId: string, segment: SegmentRef, member: boolean): MembershipItem
  consent(
    who: Identity,
    sample: Pick<ConsentItem, 'channel' | 'topic' | 'basis'>,
    state: ConsentItem['state'],
  ): ConsentItem
  start(userId: string, via: StartItem['via'], data?: Values): StartItem
}

/** @param nowMs the items happen in the two hours before */
export function createItems(nowMs: number): ItemMaker {
  let made = 0
  const base = (lane: string): { key: string; lane: string; at: string } => ({
    key: `item-${String(++made).padStart(6, '0')}`,
    lane,
    at: new Date(nowMs - 7_200_000 + (made % 7_000) * 1_000).toISOString(),
  })
  return {
    event(who, properties = {}, more) {
      const identity = typeof who === 'string' ? { userId: who } : who
      const lane = identity.userId ?? identity.anonymousId ?? ''
      const event = { type: 'track', event: eventName, properties } as const
      return { ...base(lane), kind: 'event', who: identity, event, ...more }
    },
    profile: (userId, set, before) => ({
      ...base(userId),
      kind: 'profile',
      who: { userId },
      set,
      ...(before && { before }),
    }),
    link: (anonymousId, userId) => ({
      ...base(userId),
      kind: 'link',
      known: { userId },
      other: { anonymousId },
    }),
    group: (groupType, groupId, set, memberId) => ({
      ...base(memberId ?? groupId),
      kind: 'group',
      groupType,
      groupId,
      set,
      ...(memberId !== undefined && { member: { userId: memberId } }),
    }),
    membership: (userId, segment, member) => ({
      ...base(userId),
      kind: 'membership',
      who: { userId },
      segment,
      member,
    }),
    consent: (who, sample, state) => ({ ...base(who.userId ?? ''), kind: 'consent', who, ...sample, state }),
    start: (userId, via, data) => ({ ...base(userId), who: { userId }, via, ...(data && { data }) }),
  }
}
