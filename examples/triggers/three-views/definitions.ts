/** The same product looked at for the third time in a day, and not put into the cart in that day. */
import { anchor, did, is, not, on, send, trigger } from '@tripline/triggers'
import { added, plan, viewed } from '../plan.ts'

export { plan }
const sameProduct = added.where({ product_id: is(anchor('product_id')) })

export const threeViews = trigger('three-views', {
  when: on(viewed)
    .times(3, { within: '24h' })
    .by('product_id')
    .given(not(did(sameProduct, { within: '24h' }))),
  journey: [
    send('push', { braze: { kind: 'campaign', id: 'still-thinking' } }, { product: anchor('product_id') }),
  ],
})
