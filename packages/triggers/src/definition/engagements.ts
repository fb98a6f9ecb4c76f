/**
 * The events that count as open, click or reply when a policy names none: the Segment Spec's names for e-mail
 * (https://segment.com/docs/connections/spec/email/) and push (https://segment.com/docs/connections/spec/mobile/), for
 * other channels the names under which Braze reports to Segment
 * (https://www.braze.com/docs/partners/data_and_analytics/customer_data_platform/segment/segment_for_currents). No spec
 * names a reply in any channel; `Message Replied` is Tripline's own name.
 */
export const defaultEngagements = [
  'Email Opened',
  'Email Link Clicked',
  'Push Notification Tapped',
  'In-App Message Clicked',
  'Content Card Clicked',
  'Banner Clicked',
  'SMS Short Link Clicked',
  'SMS Inbound Received',
  'WhatsApp Read',
  'WhatsApp Tracked Link Clicked',
  'WhatsApp Inbound Received',
  'LINE Inbound Received',
  'Message Replied',
] as const satisfies readonly string[]
