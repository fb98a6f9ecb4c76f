import type { Fields } from './clean-value.ts'
import { addMistake, type Findings } from './mistake.ts'
import { memberPath } from './path.ts'

/** The six calls of the Segment Spec. https://segment.com/docs/connections/spec/ */
export const messageTypes = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const
export type MessageType = (typeof messageTypes)[number]

/**
 * The fields of a message and the types that give them a meaning here. Fields of transport are known and have none.
 * Source: segmentio/segment-docs:src/connections/spec/common.md and the pages of the six calls.
 */
export const messageFields = {
  type: messageTypes,
  messageId: messageTypes,
  timestamp: messageTypes,
  userId: messageTypes,
  anonymousId: messageTypes,
  context: messageTypes,
  event: ['track'],
  properties: ['track', 'page', 'screen'],
  name: ['page', 'screen'],
  category: ['page', 'screen'],
  traits: ['identify', 'group'],
  groupId: ['group'],
  previousId: ['alias'],
  _metadata: messageTypes,
  channel: messageTypes,
  integrations: messageTypes,
  originalTimestamp: messageTypes,
  projectId: messageTypes,
  receivedAt: messageTypes,
  sentAt: messageTypes,
  version: messageTypes,
  writeKey: messageTypes,
} as const satisfies { readonly [field: string]: readonly MessageType[] }

/** The message's type, or `undefined` with a mistake. */
export function readType(message: Fields, findings: Findings): MessageType | undefined {
  const type = message['type']
  switch (type) {
    case 'track':
    case 'identify':
    case 'page':
    case 'screen':
    case 'group':
    case 'alias':
      return type
    default:
      addMistake(findings, {
        path: 'type',
        message: type === undefined ? 'is missing' : 'is no type of the Segment Spec',
        allowed: messageTypes,
      })
      return undefined
  }
}

/** Notes what the message carries that has no place in the canonical model; refuses fields that are `undefined`. */
export function checkFields(message: Fields, type: MessageType | undefined, findings: Findings): void {
  for (const name in message) {
    const value = message[name]
    if (value === undefined) {
      addMistake(findings, { path: memberPath('', name), message: 'is undefined; leave the name out' })
    } else if (!Object.hasOwn(messageFields, name)) {
      const because = 'no field of the Segment Spec; own data belongs into properties, traits or context'
      findings.notes.push({ path: memberPath('', name), kind: 'dropped', because })
    } else if (type !== undefined && !isFieldOf(type, name as keyof typeof messageFields)) {
      findings.notes.push({
        path: name,
        kind: 'dropped',
        because: `has no meaning in a message of type ${type}`,
      })
    } else if (name === 'integrations' && value !== null && Object.keys(value).length > 0) {
      const because = 'names destinations of Segment; which vendors get an item is decided by the routes here'
      findings.notes.push({ path: name, kind: 'dropped', because })
    }
  }
}

function isFieldOf(type: MessageType, name: keyof typeof messageFields): boolean {
  const types: readonly MessageType[] = messageFields[name]
  return types === messageTypes || types.includes(type)
}
