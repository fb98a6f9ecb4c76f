/** After the sign-up: tips for who creates a project within two days, help for who does not; four weeks at most. */
import { ending, on, send, trigger, wait, waitFor } from '@tripline/triggers'
import { ordered, plan } from '../plan.ts'

export { plan }
const signedUp = plan.event('Signed Up')
const created = plan.event('Project Created')

export const onboarding = trigger('onboarding', {
  when: on(signedUp),
  goals: [ending(ordered, { within: '28d' })],
  journey: [
    send('email', { hubspot: { kind: 'email', id: 'welcome' } }),
    waitFor(on(created), {
      timeout: '2d',
      yes: [send('email', { hubspot: { kind: 'email', id: 'first-project' } })],
      no: [
        send('email', { hubspot: { kind: 'email', id: 'how-to-start' } }),
        wait('3d'),
        send('email', { hubspot: { kind: 'email', id: 'talk-to-us' } }),
      ],
    }),
  ],
})
