/** Nothing for 7 days: a reminder. Nothing for 14: win-back, with thanks for an order in the week after it. */
import { addTo, inactive, on, send, trigger, waitFor, type SegmentInput } from '@tripline/triggers'
import { ordered, plan } from '../plan.ts'

export { plan }
export const lost: SegmentInput = { specVersion: 1, kind: 'static', id: 'lost' }

export const reminder = trigger('inactive-7d', {
  when: inactive('7d'),
  journey: [send('email', { hubspot: { kind: 'email', id: 'we-miss-you' } })],
})

export const winBack = trigger('inactive-14d', {
  when: inactive('14d'),
  journey: [
    send('email', { hubspot: { kind: 'email', id: 'come-back' } }),
    waitFor(on(ordered), {
      timeout: '7d',
      yes: [send('email', { hubspot: { kind: 'email', id: 'welcome-back' } })],
      no: [addTo('lost')],
    }),
  ],
})
