import { messages } from './errors.ts'
import { isName, isObject, textOf, type Json, type JsonObject } from './json.ts'

/** What each channel's message object must have. https://www.braze.com/docs/api/objects_filters/#messaging-objects */
const requiredFields = {
  email: ['app_id', 'from'],
  sms: ['subscription_group_id', 'body', 'app_id'],
  webhook: ['url', 'request_method'],
  apple_push: [],
  android_push: ['alert', 'title'],
  web_push: ['alert', 'title'],
  kindle_push: ['alert', 'title'],
  content_card: ['type'],
  whats_app: ['app_id', 'subscription_group_id', 'message_type'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** The channels of a `messages` object, or why it is refused; the texts but the first are not published. */
export function readMessages(value: Json | undefined): readonly string[] | string {
  if (!isObject(value) || Object.keys(value).length === 0) return messages.noMessage
  for (const [channel, message] of Object.entries(value)) {
    if (!Object.hasOwn(requiredFields, channel)) return `'${channel}' is not a known channel`
    if (!isObject(message)) return `'${channel}' must be an object`
    const fault = channelFault(channel as keyof typeof requiredFields, message)
    if (fault) return fault
  }
  return Object.keys(value)
}

function channelFault(channel: keyof typeof requiredFields, message: JsonObject): string | undefined {
  const missing = requiredFields[channel].find((field) => message[field] === undefined)
  if (missing) return `'${missing}' is required in '${channel}'`
  if (
    channel === 'email' &&
    !isName(message['email_template_id']) &&
    !(isName(message['subject']) && isName(message['body']))
  )
    return "'subject' and 'body' or 'email_template_id' is required in 'email'"
  if (channel === 'webhook' && !['POST', 'PUT', 'DELETE', 'GET'].includes(textOf(message['request_method'])))
    return "'request_method' is not valid"
  if (channel === 'apple_push' && message['alert'] === undefined && message['content-available'] !== true)
    return "'alert' is required in 'apple_push'"
  return undefined
}
