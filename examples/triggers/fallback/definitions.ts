/** A late parcel: push; without a tap in 2 hours e-mail; without an opening in 2 more hours SMS. */
import { anchor, fallback, on, send, trigger } from '@tripline/triggers'
import { plan } from '../plan.ts'

export { plan }
const content = { braze: { kind: 'campaign', id: 'delay' } } as const
const data = { order: anchor('order_id') }

export const delayed = trigger('delivery-delayed', {
  when: on(plan.event('Delivery Delayed')),
  limits: { reentry: 'parallel' },
  journey: [
    fallback([send('push', content, data), send('email', content, data), send('sms', content, data)], {
      ifNotEngagedIn: '2h',
    }),
  ],
})
