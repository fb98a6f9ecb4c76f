import type { Field } from '@tripline/model'

/** The event that the suite sends; its properties are declared below. */
export const eventName = 'Thing Done'
/** Everything of the items that the suite makes, so that vendors that want definitions have them. */
export const complianceFields = [
  { of: 'user', name: 'plan', type: 'string' },
  { of: 'user', name: 'note', type: 'string' },
  { of: 'user', name: 'score', type: 'number' },
  { of: 'user', name: 'vip', type: 'boolean' },
  { of: 'user', name: 'tier', type: 'integer' },
  { of: 'user', name: 'seenOn', type: 'date' },
  { of: 'user', name: 'seenAt', type: 'instant' },
  { of: 'event', event: eventName, name: 'note', type: 'string' },
  { of: 'event', event: eventName, name: 'amount', type: 'number' },
  { of: 'event', event: eventName, name: 'isNew', type: 'boolean' },
  { of: 'event', event: eventName, name: 'step', type: 'integer' },
  { of: 'group', name: 'region', type: 'string' },
] as const satisfies readonly Field[]
