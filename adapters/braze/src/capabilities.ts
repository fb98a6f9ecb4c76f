import type { Capabilities } from '@tripline/model'

const docs = 'https://www.braze.com/docs/api'
const track = `${docs}/endpoints/user_data/post_user_track/`
/** Braze stores asynchronously: normally within 100 ms, and its docs advise five minutes between dependent calls. */
const visibleAfterMs = 300_000

export const brazeCapabilities = {
  event: {
    support: 'native',
    repeat: 'doubles',
    visibleAfterMs,
    needs: ['users.track'],
    because: 'custom events, purchases and ecommerce events; no event id exists, a repeat counts again',
    source: track,
  },
  profile: {
    support: 'native',
    repeat: 'natural',
    visibleAfterMs,
    needs: ['users.track'],
    because: 'user attributes; every attribute set is billed, so only differences are sent',
    source: track,
  },
  link: {
    support: 'native',
    repeat: 'natural',
    visibleAfterMs,
    needs: ['users.identify'],
    because: 'the anonymous id is a user alias; an alias that Braze does not know is ignored silently',
    source: `${docs}/endpoints/user_data/post_user_identify/`,
  },
  group: {
    support: 'emulated',
    repeat: 'natural',
    visibleAfterMs,
    needs: ['users.track'],
    because:
      'Braze has no groups: the member gets the group id in an array attribute, traits of the group are dropped',
    source: track,
  },
  membership: {
    support: 'emulated',
    repeat: 'natural',
    visibleAfterMs,
    needs: ['users.track'],
    because:
      'segments cannot be written: membership is a boolean attribute, false on leaving because null fires no trigger',
    source: `${docs}/objects_filters/user_attributes_object/`,
  },
  consent: {
    support: 'native',
    repeat: 'natural',
    visibleAfterMs,
    needs: ['users.track'],
    because:
      'global state for e-mail and push; topics are subscription groups, which are made in the dashboard',
    source: `${docs}/objects_filters/user_attributes_object/`,
  },
  schema: {
    support: 'native',
    needs: ['custom_attributes.get'],
    because: 'attributes can be listed; they come into being with their first value, which fixes the type',
    source: `${docs}/endpoints/export/custom_attributes/get_custom_attributes/`,
  },
  'read.since': {
    support: 'unsupported',
    because: 'profiles carry no time of change',
    source: `${docs}/endpoints/export/user_data/post_users_identifier/`,
  },
  'read.all': {
    support: 'native',
    needs: ['users.export.segment'],
    because: 'export of a segment that holds everybody (option everyoneSegmentId)',
    source: `${docs}/endpoints/export/user_data/post_users_segment/`,
  },
  'read.ids': {
    support: 'native',
    needs: ['users.export.ids'],
    because: '50 ids a call',
    source: `${docs}/endpoints/export/user_data/post_users_identifier/`,
  },
  'segments.list': {
    support: 'native',
    needs: ['segments.list'],
    because: 'dashboard segments; their rules cannot be read',
    source: `${docs}/endpoints/export/segments/get_segment/`,
  },
  'segments.ensure': {
    support: 'manual',
    because: 'the attribute needs no creation, the dashboard segment on it is built by a person',
    source: `${docs}/endpoints/export/segments/get_segment/`,
  },
  'members.all': {
    support: 'native',
    needs: ['users.export.segment'],
    because: 'asynchronous zip of a dashboard segment',
    source: `${docs}/endpoints/export/user_data/post_users_segment/`,
  },
  'members.ids': {
    support: 'native',
    needs: ['users.export.ids'],
    because: 'the membership attribute of given users',
    source: `${docs}/endpoints/export/user_data/post_users_identifier/`,
  },
  start: {
    support: 'native',
    repeat: 'doubles',
    needs: ['canvas.trigger.send', 'campaigns.trigger.send'],
    because:
      'API-triggered Canvas or campaign, 50 recipients a call; a paused Canvas answers 201 with a notice',
    source: `${docs}/endpoints/messaging/send_messages/post_send_triggered_canvases/`,
  },
} as const satisfies Capabilities
