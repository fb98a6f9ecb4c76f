/** At most three e-mails a week over all triggers; and who ignores them hears less: 1, 2, 4 … up to 14 days between two. */
import { anchor, on, send, trigger, type DefinitionsInput } from '@tripline/triggers'
import { ordered, plan } from '../plan.ts'

export { plan }
export const policy: DefinitionsInput['policy'] = {
  caps: [{ channel: 'email', count: 3, per: '7d' }],
  backoff: [{ channel: 'email', responseWindow: '2d', base: '1d', factor: 2, max: '14d' }],
}

export const priceDrop = trigger('price-drop', {
  when: on(plan.event('Price Dropped')),
  journey: [send('email', { braze: { kind: 'campaign', id: 'cheaper' } }, { product: anchor('product_id') })],
})

export const receipt = trigger('receipt', {
  when: on(ordered),
  transactional: true,
  limits: { reentry: 'parallel' },
  journey: [send('email', { braze: { kind: 'campaign', id: 'receipt' } }, { order: anchor('order_id') })],
})
