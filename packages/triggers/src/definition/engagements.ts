/**
 * The events that count as open, click or reply when a policy names none: the Segment Spec's names for e-mail
 * (https://segment.com/docs/connections/spec/email/) and push (https://segment.com/docs/connections/spec/mobile/), for
 * SMS and in-app messages the names under which Braze reports to Segment
 * (https://www.braze.com/docs/partners/data_and_analytics/customer_data_platform/segment/segment_for_currents). No spec
 * names a reply; `Message Replied` is Tripline's own name for one in any channel.
 */
export const defaultEngagements = [
  'Email Opened',
  'Email Link Clicked',
  'Push Notification Tapped',
  'SMS Short Link Clicked',
  'In-App Message Clicked',
  'Message Replied',
] as const satisfies readonly string[]
