/** Something in the cart and no order: e-mail after an hour, discount after a day, SMS after two; an order ends it. */
import { anchor, ending, on, send, trigger, wait } from '@tripline/triggers'
import { added, ordered, plan } from '../plan.ts'

export { plan }
export const abandonedCart = trigger('abandoned-cart', {
  when: on(added).without(ordered, { for: '1h' }),
  exits: [ending(ordered)],
  limits: { atMost: [[1, '7d']] },
  journey: [
    send('email', { braze: { kind: 'campaign', id: 'cart-reminder' } }, { product: anchor('product_id') }),
    wait('23h'),
    send('email', { braze: { kind: 'campaign', id: 'cart-discount' } }, { product: anchor('product_id') }),
    wait('24h'),
    send('sms', { braze: { kind: 'campaign', id: 'cart-sms' } }),
  ],
})
