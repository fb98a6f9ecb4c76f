/** Deeper values would exhaust the stack where they are compared or made into an id. */
const mostLevels = 500

/** What no rule can work with: a text that says so. JSON may have numbers that no double holds; they become infinite. */
export function boundsProblem(value: unknown, level = 0): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'has a number beyond 1.8e308'
  if (typeof value !== 'object' || value === null) return undefined
  if (level === mostLevels) return `is nested deeper than ${mostLevels} levels`
  for (const inner of Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value)) {
    const problem = boundsProblem(inner, level + 1)
    if (problem !== undefined) return problem
  }
  return undefined
}
