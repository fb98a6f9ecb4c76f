import type { ProfileEvent } from '../store-types.ts'
import type { Reduction } from './ast.ts'

/** The value at a path of nested objects; undefined when a step is missing. */
export function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[step]
  }
  return value
}

/** Reduces a stream of events to one value. Null when the stream has no usable value. */
export function reduceEvents(reduction: Reduction, events: readonly ProfileEvent[]): unknown {
  const { reducer, property } = reduction
  if (reducer === 'count' || property === undefined) return events.length
  const ordered = [...events].sort((a, b) => a.atMs - b.atMs)
  const values = ordered
    .map((event) => valueAt(event.properties, property))
    .filter((value) => value !== undefined && value !== null)
  if (reducer === 'unique') return new Set(values.map(String)).size
  if (reducer === 'first') return values[0] ?? null
  if (reducer === 'last') return values.at(-1) ?? null
  if (reducer === 'mode') return mostFrequent(values.map(String), reduction.minFrequency)
  if ((reducer === 'max' || reducer === 'min') && reduction.as === 'string') {
    const sorted = values.map(String).sort()
    return (reducer === 'max' ? sorted.at(-1) : sorted[0]) ?? null
  }
  return reduceNumbers(reducer, values.map(Number).filter(Number.isFinite))
}

function reduceNumbers(reducer: 'sum' | 'avg' | 'max' | 'min', numbers: readonly number[]): number | null {
  if (numbers.length === 0) return reducer === 'sum' ? 0 : null
  if (reducer === 'max') return Math.max(...numbers)
  if (reducer === 'min') return Math.min(...numbers)
  const sum = numbers.reduce((total, value) => total + value, 0)
  return reducer === 'sum' ? sum : sum / numbers.length
}

/** Ties go to the alphabetically first value. */
function mostFrequent(values: readonly string[], minFrequency: number): string | null {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const [best] = [...counts].sort(([a, timesA], [b, timesB]) => timesB - timesA || (a < b ? -1 : 1))
  return best && best[1] >= minFrequency ? best[0] : null
}
