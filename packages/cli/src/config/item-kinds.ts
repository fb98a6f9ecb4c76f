import type { Item } from '@tripline/model'

export type ItemKind = Item['kind']
/** What a route can name. */
export const itemKinds = [
  'event',
  'profile',
  'link',
  'group',
  'membership',
  'consent',
] as const satisfies readonly ItemKind[]
