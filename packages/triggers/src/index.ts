export {
  above,
  after,
  anchor,
  atLeast,
  atMost,
  before,
  below,
  contains,
  exists,
  is,
  isMissing,
  isNot,
  oneOf,
  startsWith,
  withinLast,
  withinNext,
  type Anchor,
  type Check,
} from './build/checks.ts'
export { all, any, did, inSegment, inSession, not, quietFor, total, trait } from './build/conditions.ts'
export { anyEvent, event, identified, page, screen, type EventChoice, type Where } from './build/events.ts'
export {
  at,
  changes,
  enters,
  inactive,
  leaves,
  on,
  schedule,
  sequence,
  type AtOptions,
  type OccasionChoice,
  type OnChoice,
} from './build/occasions.ts'
export { definePlan, type Plan } from './build/plan.ts'
export {
  addTo,
  branch,
  emit,
  exit,
  fallback,
  removeFrom,
  send,
  setTrait,
  split,
  wait,
  waitFor,
  waitUntil,
  webhook,
  type StepInput,
} from './build/steps.ts'
export { ending, segment, trigger, type EndingChoice, type TriggerOptions } from './build/trigger.ts'
export type { Comparison, CountComparison, Operand, Path, Predicate } from './definition/comparison.ts'
export {
  aggregates,
  type Aggregate,
  type Condition,
  type DidCondition,
  type InactiveCondition,
  type InSessionCondition,
  type TotalCondition,
  type TraitCondition,
} from './definition/condition.ts'
export { examine } from './check/examine.ts'
export { countMemberships, type MembershipCount } from './check/find-segments.ts'
export { rules as checkRules, type Finding, type Rule as CheckRule } from './check/finding.ts'
export { nearestName } from './definition/check/nearest-name.ts'
export { parseCron, type Cron } from './definition/cron.ts'
export type { Backoff, Cap, Definitions, Policy, TriggerDefinition } from './definition/definition.ts'
export { durationMs, readDuration, writeDuration, type Duration } from './definition/duration.ts'
export { defaultEngagements } from './definition/engagements.ts'
export type { EventMatch } from './definition/event-match.ts'
export type { AtMost, Ending, Guards, Holdout, QuietHours } from './definition/guards.ts'
export type {
  ConditionInput,
  DefinitionsInput,
  Loose,
  OccasionInput,
  SegmentInput,
  TriggerInput,
} from './definition/input.ts'
export type {
  BranchStep,
  Content,
  Data,
  DataSource,
  FallbackStep,
  SendStep,
  SplitStep,
  Step,
  WaitForStep,
} from './definition/journey.ts'
export {
  normalise,
  normaliseDefinitions,
  normalisePlan,
  normaliseSegment,
  parseDefinitions,
  parsePlan,
  parseSegment,
  parseTrigger,
  type Checked,
} from './definition/normalise.ts'
export type {
  AtOccasion,
  ChangesOccasion,
  Correlated,
  GivenOccasion,
  InactiveOccasion,
  MembershipOccasion,
  Occasion,
  OnOccasion,
  ScheduleOccasion,
  SequenceOccasion,
  SequenceStep,
  TimesOccasion,
  WithoutOccasion,
} from './definition/occasion.ts'
export type {
  Naming,
  NamingRule,
  PlanInput,
  PlannedEvent,
  PlannedEventInput,
  PropertyTypes,
  TrackingPlan,
} from './definition/plan.ts'
export type { SegmentDefinition } from './definition/segment.ts'
export type { Anchor as MatcherAnchor, Emit, Fire, MatcherEvent } from './matcher/event.ts'
export { namedProperties } from './matcher/named-fields.ts'
export { compile, type Program } from './matcher/program.ts'
export { explainUser, type ExplainOptions } from './explain/explain-user.ts'
export type {
  Explanation,
  Moment,
  RunState,
  Said,
  SegmentState,
  StateAt,
  TriggerStory,
  WaitState,
} from './explain/explanation.ts'
export { explanationText } from './explain/explanation-text.ts'
export { reasonWords } from './explain/reason-words.ts'
export { createRecorder, type Recorder, type Seen } from './explain/record.ts'
export { assumptionsOf, type Assumption, type Sources } from './report/assumptions.ts'
export { compareLedgers, type CompareOptions, type LedgerComparer } from './report/compare-ledgers.ts'
export type {
  ChangeCounts,
  Difference,
  LedgerComparison,
  Outcome,
  TriggerComparison,
} from './report/comparison.ts'
export { createSummary, type SummaryBuilder } from './report/create-summary.ts'
export type {
  CapSummary,
  HoldoutSummary,
  OverlapSummary,
  Reading,
  Summary,
  TriggerSummary,
} from './report/summary.ts'
export type { Counts } from './report/trigger-tally.ts'
export { createEngine } from './engine/create-engine.ts'
export { effectsOf } from './engine/effects-of.ts'
export type { EmitLine, Engine, EngineOptions, History } from './engine/engine.ts'
export type { Fact } from './engine/fact.ts'
export type { EngineUser } from './engine/user.ts'
export type { Finding as ValueFinding } from './matcher/core.ts'
export type { ConditionTrace, GuardName, Note, Observer } from './trace/note.ts'
export type { Effect, LedgerLine, MembershipLine, TriggerLine } from './ledger/line.ts'
export { reasons, type Reason } from './ledger/reason.ts'
export type { ImportedPlan, PlanNote } from './plan/imported-plan.ts'
export { planFromSchemas, type EventSchemas } from './plan/plan-from-schemas.ts'
export { planFromSegment } from './plan/plan-from-segment.ts'
export type { Envelope, IdentifyMessage, TrackMessage } from './plan/message.ts'
export type { Held, ValuesOf } from './plan/values.ts'
export { definitionsSchema } from './schema/definitions-schema.ts'
export type { JsonSchema } from './schema/json-schema.ts'
