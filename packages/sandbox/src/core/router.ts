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

/**
 * Finds the route with the most literal segments, of equal ones the first. Trailing slashes count: vendors treat `/a/` as
 * another path. A parameter is one segment, decoded (`a%2Fb` is `a/b`); a segment that is no percent-encoding of UTF-8 fits
 * no parameter, so the vendor's own "not found" answers it.
 */
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
      continue
    }
    const value = decode(part)
    if (value === undefined || value === '') return undefined
    params[segment.slice(1, -1)] = value
  }
  return params
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
