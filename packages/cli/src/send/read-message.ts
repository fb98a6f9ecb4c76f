import { parseMessage, type Item, type Mistake, type Note, type ParseOptions } from '@tripline/model'
import { jsonProblem } from '../json-problem.ts'
import type { RawLine } from './read-lines.ts'

/** Where a message stands in the input. */
export interface Place {
  /** Index of the source. */
  readonly source: number
  readonly line: number
}
export interface Message extends Place {
  /** The line as it stands in the file. */
  readonly text: string
  readonly items: readonly Item[]
  readonly notes: readonly Note[]
}
export interface RefusedLine extends Place {
  readonly text: string
  readonly mistakes: readonly Mistake[]
}

/** One line as canonical items, or what is wrong with it. */
export function readMessage(
  source: number,
  { line, text, unreadable }: RawLine,
  options: ParseOptions & { readonly backfill: boolean },
): Message | RefusedLine {
  const refuse = (mistakes: readonly Mistake[]): RefusedLine => ({ source, line, text, mistakes })
  if (unreadable !== undefined) return refuse([{ path: '', message: unreadable }])
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch (error) {
    return refuse([{ path: '', message: `is no JSON: ${jsonProblem(error, text)}` }])
  }
  const parsed = parseMessage(message, options)
  if (!parsed.ok) return refuse(parsed.mistakes)
  const items = options.backfill ? parsed.items.map(asBackfill) : parsed.items
  return { source, line, text, items, notes: parsed.notes }
}

const asBackfill = (item: Item): Item => (item.kind === 'event' ? { ...item, backfill: true } : item)
