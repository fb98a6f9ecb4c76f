import type { SandboxClock, SimulatorOptions } from '../core/index.ts'
import { hubspotDefaults, type HubspotAccount } from './account.ts'
import { invalid } from './errors.ts'
import { accessTokenMs } from './limits.ts'
import { createStore, objectTypeOf, type ObjectStore, type Store } from './store.ts'

/** One HubSpot account with everything in it. */
export interface Portal {
  readonly clock: SandboxClock
  readonly account: HubspotAccount
  readonly store: Store
  configure(patch: Partial<HubspotAccount>): void
  reset(): void
  /** Lets everything happen that is due by now. */
  settle(): void
  /** A new record, list, flow or event id: ascending numbers as text. */
  newId(): string
  /** Sandbox time as ISO 8601. */
  nowIso(): string
}

export function createPortal(options: SimulatorOptions<HubspotAccount>): Portal {
  const { clock } = options
  let account: HubspotAccount = { ...hubspotDefaults, ...options.account }
  let store = start()
  function start(): Store {
    const fresh = createStore(clock.now())
    fresh.oauthExpiry.set(account.oauth.accessToken, clock.now() + accessTokenMs)
    return fresh
  }
  return {
    clock,
    get account() {
      return account
    },
    get store() {
      return store
    },
    configure(patch) {
      account = { ...account, ...patch }
    },
    reset() {
      account = { ...hubspotDefaults, ...options.account }
      store = start()
    },
    settle() {
      const now = clock.now()
      store.queues.memberships.settle(now)
      store.queues.events.settle(now)
      store.queues.search.settle(now)
    },
    newId: () => String(store.nextId++),
    nowIso: () => new Date(clock.now()).toISOString(),
  }
}

/** The records of a path's `{objectType}`, or HubSpot's 400. */
export function objectStore(portal: Portal, name: string): ObjectStore {
  const type = objectTypeOf(name)
  if (type === undefined) throw invalid(`Unable to infer object type from: ${name}`)
  return portal.store.objects[type]
}
