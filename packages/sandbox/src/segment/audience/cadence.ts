import type { Comparison, Condition, Filter, Operand, Scalar } from './ast.ts'

export interface Traits {
  /** Funnels, dynamic references, `between`, ANY/ALL: recomputed every 8 h. */
  readonly batch: boolean
  /** The result can change without a new message. */
  readonly timeDependent: boolean
  /** Traits the definition reads, for cycle checks between audiences. */
  readonly reads: ReadonlySet<string>
}
const maxRealtimeCount = 20
const relative: readonly string[] = ['within_last', 'within_next', 'before_last', 'after_next']

/**
 * What a definition needs to be computed. Windows counting up to 20 are real-time since 2025-01-29
 * (https://www.twilio.com/en-us/changelog), though the limits page still lists windows as batch: `windows` chooses.
 */
export function describeQuery(condition: Condition, windows: 'realtime' | 'batch'): Traits {
  const found = { batch: false, timeDependent: false }
  const reads = new Set<string>()

  function visit(node: Condition, insideWhere: boolean): void {
    switch (node.kind) {
      case 'and':
      case 'or':
        for (const part of node.parts) visit(part, insideWhere)
        return
      case 'any':
      case 'all':
        found.batch = true
        visit(node.of, insideWhere)
        return
      case 'not':
        visit(node.of, insideWhere)
        return
      case 'compare':
        visitComparison(node, insideWhere)
    }
  }
  function visitComparison(node: Comparison, insideWhere: boolean): void {
    if (relative.includes(node.comparator)) found.timeDependent = true
    visitScalar(node.left, insideWhere, largest(node.operands))
    for (const operand of node.operands) {
      if (operand.kind === 'duration' || operand.kind === 'literal') continue
      found.batch = true
      visitScalar(operand, insideWhere, 0)
    }
  }
  function visitScalar(scalar: Scalar, insideWhere: boolean, count: number): void {
    if (scalar.kind === 'trait') reads.add(scalar.path[0] ?? '')
    if (scalar.kind !== 'reduce') return
    if (insideWhere) found.batch = true
    for (const filter of scalar.filters) visitFilter(filter, count)
  }
  function visitFilter(filter: Filter, count: number): void {
    if (filter.kind === 'where') return visit(filter.condition, true)
    if (filter.kind === 'sources') return
    found.timeDependent = true
    if (filter.kind === 'between' || count > maxRealtimeCount || windows === 'batch') found.batch = true
  }
  visit(condition, false)
  return { ...found, reads }
}

const largest = (operands: readonly Operand[]): number =>
  Math.max(
    0,
    ...operands.map((operand) =>
      operand.kind === 'literal' && typeof operand.value === 'number' ? operand.value : 0,
    ),
  )
