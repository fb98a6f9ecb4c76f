import type { Item, ItemBase, LinkItem } from '../item.ts'
import type { Draft } from './draft.ts'
import { laneOf, readId, readKey, readValuesOrNone, withTraits } from './envelope.ts'
import { addMistake } from './mistake.ts'

function baseOf(draft: Draft): ItemBase {
  const { message, at, findings, who, options } = draft
  return { key: readKey(message, at, findings), lane: laneOf(who, options), at }
}

function linkTo(base: ItemBase, userId: string, anonymousId: string): LinkItem {
  return { kind: 'link', ...base, known: { userId }, other: { anonymousId } }
}

/** `identify` → a profile item; with both ids, a link item comes before it. */
export function readIdentify(draft: Draft): readonly Item[] {
  const set = readValuesOrNone(draft.message, 'traits', draft.findings)
  const base = baseOf(draft)
  const { userId, anonymousId } = draft.who
  const who = withTraits(draft.who, set, draft.options)
  const profile: Item = { kind: 'profile', ...base, who, set }
  if (userId === undefined || anonymousId === undefined || userId === anonymousId) return [profile]
  return [linkTo({ ...base, key: `${base.key}#link` }, userId, anonymousId), profile]
}

/** `group` → a group item that attaches the person. It runs in the person's lane, after the person's own writes. */
export function readGroup(draft: Draft): readonly Item[] {
  const { message, findings, options, context } = draft
  const groupId = readId(message, 'groupId', findings)
  if (groupId === undefined) {
    addMistake(findings, { path: 'groupId', message: 'is missing', allowed: ['text'] })
  }
  const set = readValuesOrNone(message, 'traits', findings)
  const member = withTraits(draft.who, context?.['traits'], options)
  const groupType = options.groupType ?? 'company'
  return [{ kind: 'group', ...baseOf(draft), groupType, groupId: groupId ?? '', set, member }]
}

/** `alias` → a link item when `previousId` is anonymous; else nothing and a note: two known people stay two. */
export function readAlias(draft: Draft): readonly Item[] {
  const { message, findings, options, who } = draft
  const previousId = readId(message, 'previousId', findings)
  if (previousId === undefined) {
    addMistake(findings, { path: 'previousId', message: 'is missing', allowed: ['text'] })
  }
  if (who.userId === undefined) {
    addMistake(findings, {
      path: 'userId',
      message: 'is missing: an alias needs the known id',
      allowed: ['text'],
    })
  }
  const base = baseOf(draft)
  if (previousId === undefined || who.userId === undefined) return []
  const isAnonymous = options.isAnonymousId?.(previousId) ?? previousId === who.anonymousId
  if (isAnonymous && previousId !== who.userId) return [linkTo(base, who.userId, previousId)]
  const because =
    'not known to be an anonymous id, and two known people are never merged (isAnonymousId decides)'
  findings.notes.push({ path: 'previousId', kind: 'not-linked', because })
  return []
}
