/** Bought for 200 and more in a year, and nothing in the last 30 days: a segment, and a message on entering it. */
import { all, atLeast, enters, quietFor, segment, send, total, trigger } from '@tripline/triggers'
import { ordered, plan } from '../plan.ts'

export { plan }
export const atRisk = segment(
  'high-value-at-risk',
  all(total(ordered, 'revenue', 'sum', atLeast(200), { within: '365d' }), quietFor('30d', ordered)),
)

export const rescue = trigger('rescue', {
  when: enters('high-value-at-risk'),
  limits: { cooldown: '90d' },
  journey: [send('email', { braze: { kind: 'canvas', id: 'vip-rescue' } })],
})
