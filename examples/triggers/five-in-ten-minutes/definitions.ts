/** Five events of any kind in ten minutes: somebody is busy right now. At most one message a day. */
import { anyEvent, on, send, trigger } from '@tripline/triggers'

export const busyNow = trigger('busy-now', {
  when: on(anyEvent()).times(5, { within: '10m' }),
  limits: { cooldown: '24h' },
  journey: [send('in-app', { intercom: { kind: 'message', id: 'need-help' } })],
})
