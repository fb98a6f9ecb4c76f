/** Nine in the morning of the birthday, on the user's own clock; who was born on 29 February: the 28th in other years. */
import { at, send, trigger } from '@tripline/triggers'
import { plan } from '../plan.ts'

export { plan }
export const birthday = trigger('birthday', {
  when: at('birthday', { time: '09:00', repeat: 'yearly' }),
  journey: [send('email', { braze: { kind: 'campaign', id: 'happy-birthday' } })],
})
