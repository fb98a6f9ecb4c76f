import type { Reason } from '../ledger/reason.ts'

/** Why a fire or a step was refused, as a clause for people: `the user is in the journey already`. */
export const reasonWords = {
  disabled: 'the trigger is switched off',
  'not-eligible': '"who" does not hold',
  'not-decidable': '"who" depends on a mirrored segment that was not read yet',
  suppressed: 'the user is suppressed',
  'no-consent': 'there is no consent for the purpose',
  reentry: 'the user is in the journey already',
  cooldown: 'the cool-down since the last entry is not over',
  'at-most': 'the user has entered as often as allowed',
  holdout: 'the user is held out',
  'goal-reached': 'the goal is reached',
  exit: 'the journey was exited',
  unreachable: 'the channel does not reach the user',
  outranked: 'a message with higher priority went in this channel',
  capped: 'the cap on messages is full',
  'ignored-backoff': 'earlier messages were ignored: the pause after them is not over',
  'quiet-deferred': 'quiet hours: put off',
  'quiet-dropped': 'quiet hours: dropped',
  late: 'the event arrived too late to act on',
  loop: 'the trigger caused itself',
  missed: 'the tick was missed for longer than is caught up',
} as const satisfies { readonly [reason in Reason]: string }
