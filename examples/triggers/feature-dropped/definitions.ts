/** A feature used for the first time, and then not once more in a week. Each feature counts for itself. */
import { anchor, did, is, on, send, trigger } from '@tripline/triggers'
import { plan } from '../plan.ts'

export { plan }
const used = plan.event('Feature Used')
const firstTime = did(used.where({ feature: is(anchor('feature')) }), { count: is(1) })

export const featureDropped = trigger('feature-dropped', {
  when: on(used).given(firstTime).without(used, { for: '7d' }).by('feature'),
  limits: { reentry: 'parallel' },
  journey: [
    send('email', { intercom: { kind: 'message', id: 'try-again' } }, { feature: anchor('feature') }),
  ],
})
