import type { Values } from '@tripline/model'
import { Meaningless } from '../compliance-test.ts'

const textUnits = 200
const slackUnits = 50
/** Lists of texts of which an event of a certain size can be made; everything ASCII, so characters are bytes. */
export interface Padding {
  readonly lists: number
  readonly textsPerList: number
}
const bytesOfList = (textsPerList: number): number => textsPerList * (textUnits + 3) + 12
/** More characters than the padding has, that fit into it. */
export const slackOf = ({ lists, textsPerList }: Padding): number => lists * textsPerList * slackUnits
/** The most padding within so many bytes; of few long lists where many short ones would be too many properties. */
export function paddingFor(bytes: number): Padding {
  const textsPerList = bytes > 100_000 ? 30 : 10
  const lists = Math.floor(bytes / bytesOfList(textsPerList))
  if (lists < 1) throw new Meaningless('too small for the padding')
  return { lists, textsPerList }
}
export function fat({ lists, textsPerList }: Padding, extra: number): Values {
  let left = extra
  const text = (): string => {
    const more = Math.min(left, slackUnits)
    left -= more
    return 'x'.repeat(textUnits + more)
  }
  const entries = Array.from({ length: lists }, (_, index): [string, string[]] => [
    `fat${String(index).padStart(3, '0')}`,
    Array.from({ length: textsPerList }, text),
  ])
  return Object.fromEntries(entries)
}
