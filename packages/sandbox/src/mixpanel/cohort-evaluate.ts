import { countBehavior, visibleEvents } from './behavior-count.ts'
import type { CohortDefinition, Leaf, Selector } from './cohort-definition.ts'
import { resolveId } from './identity.ts'
import type { Project } from './project.ts'
import type { Properties } from './state.ts'

type Test = (id: string, profile: Properties | undefined) => boolean

/** Ids a cohort chooses from: everybody with a profile or an event, profiles first. */
function everybody(project: Project): ReadonlySet<string> {
  const ids = new Set(project.state.profiles.keys())
  for (const { distinctId } of visibleEvents(project))
    if (distinctId !== '') ids.add(resolveId(project, distinctId))
  return ids
}

/** Members now: a saved cohort is a definition, computed anew with each query. */
export function cohortMembers(
  project: Project,
  definition: CohortDefinition,
  depth = 0,
): ReadonlySet<string> {
  const test = compileNode(project, definition.selector, definition, depth)
  const members = new Set<string>()
  for (const id of everybody(project)) if (test(id, project.state.profiles.get(id))) members.add(id)
  return members
}

function compileNode(
  project: Project,
  node: Selector | Leaf,
  definition: CohortDefinition,
  depth: number,
): Test {
  if (!('children' in node)) return compileLeaf(project, node, definition, depth)
  const tests = node.children.map((child) => compileNode(project, child, definition, depth))
  if (node.operator === 'and') return (id, profile) => tests.every((test) => test(id, profile))
  return (id, profile) => tests.some((test) => test(id, profile))
}

function compileLeaf(project: Project, leaf: Leaf, definition: CohortDefinition, depth: number): Test {
  if (leaf.property === 'user') return (_, profile) => testUser(leaf, profile?.[leaf.value])
  if (leaf.property === 'cohort') {
    const other = project.state.cohorts.get(leaf.value)
    const members = other && depth < 10 ? cohortMembers(project, other, depth + 1) : new Set<string>()
    return (id) => members.has(id) === (leaf.operator === 'in')
  }
  const behavior = definition.behaviors[leaf.value]
  const counts = behavior ? countBehavior(project, behavior) : new Map<string, number>()
  return (id) => {
    const reached = counts.get(id) ?? 0
    if (leaf.operator === '>=') return reached >= leaf.operand
    return leaf.operator === '<=' ? reached <= leaf.operand : reached === leaf.operand
  }
}

function testUser({ operator, operand, type }: Extract<Leaf, { property: 'user' }>, value: unknown): boolean {
  const isSet = value !== undefined && value !== null
  switch (operator) {
    case 'defined':
      return isSet
    case 'not defined':
      return !isSet
    case '==':
      return Array.isArray(value) ? value.includes(operand) : isSet && value === operand
    case '!=':
      return Array.isArray(value) ? !value.includes(operand) : value !== operand
    case 'in':
      return Array.isArray(operand) && operand.includes(value)
    case 'not in':
      return Array.isArray(operand) && !operand.includes(value)
    case '>':
      return isSet && order(value, operand, type) > 0
    case '<':
      return isSet && order(value, operand, type) < 0
  }
}

/** 0 when the two cannot be compared. */
function order(value: unknown, operand: unknown, type: string | undefined): number {
  if (type === 'datetime') return Math.sign(Date.parse(String(value)) - Date.parse(String(operand))) || 0
  return typeof value === 'number' && typeof operand === 'number' ? Math.sign(value - operand) : 0
}
