import type { Field } from '@tripline/model'
import type { Routes } from '../config/route-rule.ts'

/** The demo's registry: the traits and the events of its shop. Its order is the order of importance. */
export const demoFields = [
  { of: 'user', name: 'email', type: 'string' },
  { of: 'user', name: 'firstName', type: 'string' },
  { of: 'user', name: 'lastName', type: 'string' },
  { of: 'user', name: 'phone', type: 'string' },
  { of: 'user', name: 'plan', type: 'string' },
  { of: 'user', name: 'age', type: 'integer' },
  { of: 'user', name: 'loyaltyScore', type: 'number' },
  { of: 'user', name: 'newsletter', type: 'boolean' },
  { of: 'user', name: 'birthday', type: 'date' },
  { of: 'user', name: 'signedUpAt', type: 'instant' },
  { of: 'user', name: 'lastSeenAt', type: 'instant' },
  { of: 'user', name: 'language', type: 'string' },
  { of: 'user', name: 'interests', type: 'strings' },
  { of: 'user', name: 'address.city', type: 'string' },
  { of: 'user', name: 'address.country', type: 'string' },
  { of: 'user', name: 'bio', type: 'string' },
  { of: 'group', name: 'name', type: 'string' },
  { of: 'group', name: 'industry', type: 'string' },
  { of: 'group', name: 'employees', type: 'integer' },
  { of: 'group', name: 'plan', type: 'string' },
  { of: 'event', event: 'Signed Up', name: 'method', type: 'string' },
  { of: 'event', event: 'Order Completed', name: 'order_id', type: 'string' },
  { of: 'event', event: 'Order Completed', name: 'revenue', type: 'number' },
  { of: 'event', event: 'Order Completed', name: 'total', type: 'number' },
  { of: 'event', event: 'Order Completed', name: 'currency', type: 'string' },
  { of: 'event', event: 'Order Completed', name: 'shipping', type: 'number' },
  { of: 'event', event: 'Order Completed', name: 'discount', type: 'number' },
  { of: 'event', event: 'Order Completed', name: 'coupon', type: 'string' },
  { of: 'event', event: 'Order Completed', name: 'quantity', type: 'integer' },
  { of: 'event', event: 'Order Refunded', name: 'order_id', type: 'string' },
  { of: 'event', event: 'Order Refunded', name: 'total', type: 'number' },
  { of: 'event', event: 'Order Refunded', name: 'currency', type: 'string' },
  { of: 'event', event: 'Checkout Started', name: 'currency', type: 'string' },
] as const satisfies readonly Field[]

/**
 * Why not everything everywhere: HubSpot takes only events that are defined there, and Intercom one event per call, so
 * it gets those that a support team would look at.
 */
export const demoRoutes = {
  hubspot: { events: { only: ['Signed Up', 'Checkout Started', 'Order Completed', 'Order Refunded'] } },
  intercom: { events: { only: ['Signed Up', 'Order Completed', 'Order Refunded'] } },
} as const satisfies Routes
