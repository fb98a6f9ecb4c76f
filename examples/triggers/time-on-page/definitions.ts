/** Five minutes on pages in one session, and nothing put into the cart in it. */
import { all, atLeast, did, inSession, not, on, send, total, trigger } from '@tripline/triggers'
import { added, plan } from '../plan.ts'

export { plan }
const left = plan.event('Page Left')

export const longLook = trigger('long-look', {
  when: on(left).given(
    all(inSession(total(left, 'seconds', 'sum', atLeast(300))), not(inSession(did(added)))),
  ),
  limits: { cooldown: '30m' },
  journey: [send('in-app', { intercom: { kind: 'message', id: 'any-questions' } })],
})
