import type { Route } from '../../core/index.ts'
import { activeContact } from '../contact-store.ts'
import { ok, readObject, refuse, refuseParameter, refuseUnknown, resourceNotFound, route } from '../errors.ts'
import type { IntercomContext } from '../state.ts'
import type { SubscriptionType } from '../stored.ts'
import { readId } from './contact-tags.ts'

const keys = new Set(['id', 'consent_type'])

/**
 * Explicit choices only: attaching an `opt_out` type opts the person out of it, attaching an `opt_in` type opts in.
 * Types are made in Intercom's UI; here they are seeded. That `consent_type` must be the type's own is assumed.
 */
export function subscriptionRoutes(context: IntercomContext): readonly Route[] {
  const { account, store } = context
  return [
    route('GET', '/subscription_types', () =>
      ok({ type: 'list', data: [...store().subscriptionTypes.values()].map(render) }),
    ),
    route('GET', '/contacts/{contact_id}/subscriptions', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      const types = [...contact.subscriptions].flatMap((id) => store().subscriptionTypes.get(id) ?? [])
      return ok({ type: 'list', data: types.map(render) })
    }),
    route('POST', '/contacts/{contact_id}/subscriptions', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      const body = readObject(request)
      refuseUnknown(body, keys)
      if (body['consent_type'] === undefined) refuse(400, 'parameter_not_found', 'consent_type is required')
      const type = store().subscriptionTypes.get(readId(body['id'])) ?? resourceNotFound()
      if (body['consent_type'] !== type.consent_type)
        refuseParameter('consent_type does not match the subscription')
      contact.subscriptions.add(type.id)
      return ok(render(type))
    }),
    route('DELETE', '/contacts/{contact_id}/subscriptions/{subscription_id}', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      const type =
        store().subscriptionTypes.get(request.params['subscription_id'] ?? '') ?? resourceNotFound()
      if (!contact.subscriptions.delete(type.id) && account().detachMissing === 'not-found')
        resourceNotFound()
      return ok(render(type))
    }),
  ]
}

function render(type: SubscriptionType): object {
  const translation = { name: type.name, description: '', locale: 'en' }
  return {
    type: 'subscription',
    id: type.id,
    state: type.state,
    consent_type: type.consent_type,
    default_translation: translation,
    translations: [translation],
    content_types: type.content_types,
  }
}
