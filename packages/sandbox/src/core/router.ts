import type { Route } from './simulator.ts'

export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}
interface Compiled {
  readonly route: Route
  readonly segments: readonly string[]
  readonly literals: number
}

/** Finds the route with the most literal segments. Trailing slashes count: vendors treat `/a/` as another path. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Match | undefined {
  const table = new Map<string, Compiled[]>()
  for (const route of routes) {
    const segments = route.path.split('/')
    const compiled = { route, segments, literals: segments.filter((segment) => !isParameter(segment)).length }
    const key = `${route.method} ${segments.length}`
    table.set(
      key,
      [...(table.get(key) ?? []), compiled].sort((a, b) => b.literals - a.literals),
    )
  }
  return (method, path) => {
    const parts = path.split('/')
    for (const { route, segments } of table.get(`${method} ${parts.length}`) ?? []) {
      const params = matchSegments(segments, parts)
      if (params) return { route, params }
    }
    return undefined
  }
}
const isParameter = (segment: string): boolean => segment.startsWith('{') && segment.endsWith('}')

function matchSegments(
  segments: readonly string[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? ''
    if (!isParameter(segment)) {
      if (segment !== part) return undefined
    } else if (part === '') return undefined
    else params[segment.slice(1, -1)] = decodeURIComponent(part)
  }
  return params
}
