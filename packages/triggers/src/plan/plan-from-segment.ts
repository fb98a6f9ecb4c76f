import { TriplineError } from '@tripline/model'
import { normalisePlan } from '../definition/normalise.ts'
import type { PlannedEventInput, PropertyTypes } from '../definition/plan.ts'
import type { ImportedPlan, PlanNote } from './imported-plan.ts'
import { readProperties, type ReadProperties } from './read-properties.ts'
import { follow, inside, isNode, note, type SchemaNode, type SchemaPlace } from './schema-node.ts'

const nothing: ReadProperties = { properties: {}, required: [] }

/**
 * A tracking plan from the rules of a Segment (Protocols) tracking plan: what `GET /tracking-plans/{id}/rules` of the
 * Public API answers (`{ data: { rules } }`), its `rules`, or a list of these over several pages.
 *
 * - TRACK: the event of the rule's `key`. Of several versions the highest is taken.
 * - IDENTIFY: the traits. COMMON: its properties and traits are added to every event and to the traits.
 * - PAGE, SCREEN and GROUP, `context`, and what no plan can hold are left out with a note.
 *
 * Events are `active`. Throws `TriplineError` when there are no rules.
 * Source: segmentio/public-api-sdk-typescript:model/ruleV1.ts,
 * segmentio/segment-docs:src/protocols/tracking-plan/create.md
 */
export function planFromSegment(answer: unknown): ImportedPlan {
  const notes: PlanNote[] = []
  const rules = rulesOf(answer).map((rule, index): Rule => readRule(rule, `rules[${index}]`, notes))
  const common = mergeAll(
    rules.filter(({ type }) => type === 'COMMON').map((rule) => readBag(rule, 'properties')),
  )
  const events = new Map<string, PlannedEventInput>()
  for (const rule of latest(rules, notes)) {
    const own = readBag(rule, 'properties')
    noteOthers(rule, ['properties'])
    events.set(rule.key, merge(own, common, rule.place))
  }
  const traits = rules
    .filter(({ type }) => type === 'IDENTIFY' || type === 'COMMON')
    .map((rule) => {
      noteOthers(rule, rule.type === 'COMMON' ? ['properties', 'traits'] : ['traits'])
      return readBag(rule, 'traits')
    })
  const { properties, required } = mergeAll(traits)
  const plan = normalisePlan({
    specVersion: 1,
    events: Object.fromEntries(events),
    traits: properties,
    requiredTraits: required,
  })
  return { plan, notes }
}

function rulesOf(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer))
    return answer.flatMap((each) => (isNode(each) && !('type' in each) ? rulesOf(each) : [each]))
  if (isNode(answer)) {
    const rules = answer['rules'] ?? (isNode(answer['data']) ? answer['data']['rules'] : undefined)
    if (Array.isArray(rules)) return rules
  }
  const message =
    'this is no list of rules of a Segment tracking plan: { data: { rules } }, { rules } or the list itself'
  throw new TriplineError('triggers', { code: 'invalid', message })
}

interface Rule {
  readonly type: string
  readonly key: string
  readonly version: number
  readonly schema: SchemaNode
  readonly place: SchemaPlace
}

function readRule(rule: unknown, path: string, notes: PlanNote[]): Rule {
  const { type, key, version, jsonSchema, deprecatedAt } = isNode(rule) ? rule : {}
  const root = isNode(jsonSchema) ? jsonSchema : {}
  const outer: SchemaPlace = { path, root, notes, following: [] }
  const place = inside(outer, 'jsonSchema')
  const name = typeof key === 'string' ? key : ''
  const kind = typeof type === 'string' ? type : ''
  if (!isNode(jsonSchema)) note(outer, 'has no jsonSchema; only its name is taken')
  if (typeof deprecatedAt === 'string')
    note(outer, `is deprecated since ${deprecatedAt}; a plan holds no such mark`)
  if (kind === 'TRACK' && name === '') note(outer, 'is a TRACK rule without key; it is left out')
  if (!['TRACK', 'IDENTIFY', 'COMMON'].includes(kind))
    note(
      outer,
      `${kind || 'a rule without type'}: a plan holds track events and traits of users only; it is left out`,
    )
  return { type: kind, key: name, version: typeof version === 'number' ? version : 1, schema: root, place }
}

/** The TRACK rules, of each key the one of the highest version. */
function latest(rules: readonly Rule[], notes: PlanNote[]): readonly Rule[] {
  const found = new Map<string, Rule>()
  for (const rule of rules) {
    if (rule.type !== 'TRACK' || rule.key === '') continue
    const other = found.get(rule.key)
    const [kept, left] = other !== undefined && other.version > rule.version ? [other, rule] : [rule, other]
    found.set(rule.key, kept)
    if (left) {
      const path = left.place.path.replace(/\.jsonSchema$/, '')
      notes.push({
        path,
        because: `version ${left.version} of "${rule.key}": a plan holds one; ${kept.version} is taken`,
      })
    }
  }
  return [...found.values()]
}

function readBag({ schema, place }: Rule, name: 'properties' | 'traits'): ReadProperties {
  const bag = partsOf(schema)[name]
  return bag === undefined ? nothing : readProperties(bag, inside(place, 'properties', name))
}

/** Notes what a rule says beside these bags: about `context`, ids, and what must be there at the top. */
function noteOthers({ schema, place }: Rule, bags: readonly string[]): void {
  for (const [name, part] of Object.entries(partsOf(schema))) {
    const here = inside(place, 'properties', name)
    const says =
      isNode(part) && Object.keys(follow(part, here)?.node ?? {}).some((keyword) => keyword !== 'type')
    if (says && !bags.includes(name)) note(here, 'a plan holds the properties of events and the traits only')
  }
  const required = Array.isArray(schema['required']) ? (schema['required'] as readonly unknown[]) : []
  const others = required.filter((name) => !['properties', 'traits'].includes(String(name)))
  if (others.length > 0) note(place, `${others.join(', ')}: required, which a plan cannot say of them`)
}

function partsOf(schema: SchemaNode): SchemaNode {
  return isNode(schema['properties']) ? schema['properties'] : {}
}

function mergeAll(all: readonly ReadProperties[]): ReadProperties {
  return all.reduce((merged, each) => merge(merged, each), nothing)
}

/** The first wins where both declare a path. */
function merge(first: ReadProperties, second: ReadProperties, place?: SchemaPlace): ReadProperties {
  const properties: Record<string, PropertyTypes[string]> = { ...first.properties }
  for (const [path, type] of Object.entries(second.properties)) {
    const own = first.properties[path]
    if (own === undefined) properties[path] = type
    else if (own !== type && place)
      note(place, `"${path}" is ${own} here and ${type} in COMMON; ${own} stays`)
  }
  return { properties, required: [...new Set([...first.required, ...second.required])] }
}
