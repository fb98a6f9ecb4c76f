import { parseMessage, type Instant, type Item, type ParseOptions } from '@tripline/model'

/** What a stream of messages holds, as items in the order of the messages. */
export interface Intake {
  /** Lanes are resolved: what an anonymous id did is in the lane of the person it was linked to. */
  readonly items: readonly Item[]
  readonly messages: {
    readonly read: number
    /** Not accepted by the parser. */
    readonly malformed: number
    /** Their `messageId` was there before. */
    readonly repeated: number
  }
  /** Time of the newest item; undefined when there is none. */
  readonly newestAt: Instant | undefined
}

/**
 * Reads and translates all messages. One at a time is parsed, but the items are kept: the demo compares each with what
 * the vendors stored of it.
 */
export async function takeIn(
  messages: Iterable<unknown> | AsyncIterable<unknown>,
  options: ParseOptions = {},
): Promise<Intake> {
  const items: Item[] = []
  const keys = new Set<string>()
  let [read, malformed, repeated] = [0, 0, 0]
  let newestAt: Instant | undefined
  for await (const message of messages) {
    read++
    const parsed = parseMessage(message, options)
    if (!parsed.ok) {
      malformed++
      continue
    }
    if (parsed.items.some(({ key }) => keys.has(key))) {
      repeated++
      continue
    }
    for (const item of parsed.items) {
      keys.add(item.key)
      items.push(item)
      if (newestAt === undefined || item.at > newestAt) newestAt = item.at
    }
  }
  return { items: resolveLanes(items), messages: { read, malformed, repeated }, newestAt }
}

/** The first link of an anonymous id holds for good. */
function resolveLanes(items: readonly Item[]): readonly Item[] {
  const linkedTo = new Map<string, string>()
  for (const item of items) {
    if (item.kind !== 'link') continue
    const { anonymousId } = item.other
    if (anonymousId !== undefined && !linkedTo.has(anonymousId)) linkedTo.set(anonymousId, item.lane)
  }
  return items.map((item) => {
    const lane = linkedTo.get(item.lane)
    return lane === undefined || lane === item.lane ? item : { ...item, lane }
  })
}
