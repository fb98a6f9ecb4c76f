import type { Picture } from '@tripline/testkit/expectations'

export interface Repeats {
  /** The same picture, in which an event whose answer was lost may be there any number of times. */
  readonly picture: Picture
  /** How many events more than due may be there in all. */
  readonly most: number
}

/**
 * A request may lose its answer more than once, and each time it may have been done: one event can be there three times
 * while another came once. So what is bounded is the sum: no more copies than events that are perhaps there twice, or unknown.
 */
export function allowRepeats(picture: Picture): Repeats {
  let most = 0
  const events = new Map(
    [...picture.events].map(([text, count]) => {
      most += count.most - count.least
      const isRepeated = count.least > 0 && count.most > count.least
      return [text, isRepeated ? { ...count, most: Number.POSITIVE_INFINITY } : count]
    }),
  )
  return { picture: { ...picture, events }, most }
}
