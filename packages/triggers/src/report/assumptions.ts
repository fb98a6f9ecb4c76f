import type { Definitions, TriggerDefinition } from '../definition/definition.ts'
import type { Step } from '../definition/journey.ts'

/** What the data did not tell and was therefore taken for granted. `topic` is stable, `text` is for people. */
export interface Assumption {
  readonly topic:
    | 'consent'
    | 'suppression'
    | 'reachability'
    | 'engagement'
    | 'membership'
    | 'goals'
    | 'delivery'
  readonly text: string
}

/** Which sources beside the events were given. */
export interface Sources {
  readonly consents: boolean
  readonly suppressions: boolean
  readonly reachability: boolean
  /** Opens, clicks and replies tied to our sends. */
  readonly engagements: boolean
  /** Reads of mirrored segments. */
  readonly memberships: boolean
}

/** What is assumed for these definitions where a source is missing; nothing is said about what they never ask. */
export function assumptionsOf(definitions: Definitions, given: Sources): readonly Assumption[] {
  const { triggers, segments, policy } = definitions
  const isSending = triggers.some(({ journey }) => hasStep(journey, ['send', 'fallback']))
  const isEngaged =
    policy.backoff.length > 0 || triggers.some(({ journey }) => hasStep(journey, ['fallback']))
  const mirrored = segments.filter(({ kind }) => kind === 'mirrored').map(({ id }) => id)
  const candidates: readonly (readonly [boolean, Assumption['topic'], string])[] = [
    [
      triggers.length > 0 && !given.consents,
      'consent',
      'No consent records: every user is taken as consenting.',
    ],
    [
      triggers.length > 0 && !given.suppressions,
      'suppression',
      'No suppression list: nobody is taken as suppressed.',
    ],
    [
      isSending && !given.reachability,
      'reachability',
      'No records of reachability: every channel is taken to reach every user.',
    ],
    [
      isEngaged && !given.engagements,
      'engagement',
      'No opens, clicks or replies to these sends: only goals count as an answer to a message (fallback, back-off).',
    ],
    [
      mirrored.length > 0 && !given.memberships,
      'membership',
      `No reads of mirrored segments (${mirrored.join(', ')}): who is in them is unknown; "who" refuses as not-decidable, elsewhere nobody is in them.`,
    ],
    [
      isSending,
      'delivery',
      'Every send is taken as delivered; the messages change nothing about what users did.',
    ],
    [
      triggers.some(hasGoal),
      'goals',
      'A goal counts while the run of its trigger goes on; a run ends with its last step.',
    ],
  ]
  return candidates.filter(([holds]) => holds).map(([, topic, text]) => ({ topic, text }))
}

const hasGoal = ({ goals }: TriggerDefinition): boolean => goals.length > 0

function hasStep(steps: readonly Step[], kinds: readonly Step['kind'][]): boolean {
  return steps.some(
    (step) => kinds.includes(step.kind) || branchesOf(step).some((each) => hasStep(each, kinds)),
  )
}

function branchesOf(step: Step): readonly (readonly Step[])[] {
  if (step.kind === 'branch' || step.kind === 'waitFor') return [step.yes, step.no]
  return step.kind === 'split' ? step.arms.map(({ steps }) => steps) : []
}
