/** Why a fire or a step was refused: the first guard that held, in the order in which they are asked. */
export const reasons = [
  'disabled',
  'not-eligible',
  'not-decidable',
  'suppressed',
  'no-consent',
  'reentry',
  'cooldown',
  'at-most',
  'holdout',
  'goal-reached',
  'exit',
  'unreachable',
  'outranked',
  'capped',
  'ignored-backoff',
  'quiet-deferred',
  'quiet-dropped',
  'late',
  'loop',
  'missed',
] as const
export type Reason = (typeof reasons)[number]
