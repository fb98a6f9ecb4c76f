import { describe, expect, test } from 'vitest'
import { checkConfig } from './check-config.ts'

const environment = { BRAZE_API_KEY: 'a-key-from-the-environment' }
const braze = { baseUrl: 'https://rest.iad-01.braze.com' }
const lines = (config: unknown) =>
  checkConfig(config, environment).map(
    ({ path, message, allowed }) => `${path}: ${message}${allowed ? ` [${allowed.join()}]` : ''}`,
  )

test('a config without mistakes', () => {
  const config = {
    connectors: {
      braze: { ...braze, apiKey: environment.BRAZE_API_KEY, timeoutMs: 500, backfill: 'refuse' },
    },
    fields: [{ of: 'user', name: 'plan', type: 'string', names: { braze: 'Plan' } }],
    routes: { braze: { items: ['event'], events: { except: ['Page Viewed'] }, lastDays: 0.5 } },
    events: { 'Order Completed': { braze: 'order' }, 'Signed Up': 'signup' },
    groupType: 'workspace',
    identityTraits: true,
    isAnonymousId: () => false,
  }
  expect(lines(config)).toEqual([])
})

describe('the file as a whole', () => {
  test.each([
    [undefined, 'default: the file exports nothing by default; write export default defineConfig({ … })'],
    [null, 'default: is null [object]'],
    ['text', 'default: is a string [object]'],
    [{}, 'connectors: is missing; name at least one vendor'],
  ])('%o', (config, line) => {
    expect(lines(config)).toEqual([line])
  })
})

describe('connectors', () => {
  test.each([
    [
      { brase: braze },
      'connectors.brase: "brase" is unknown; did you mean "braze"? [segment,mixpanel,hubspot,braze,intercom]',
    ],
    [{ braze: 'key' }, 'connectors.braze: is a string [object]'],
    [{ braze: {} }, 'connectors.braze.baseUrl: is missing [http or https URL]'],
    [
      { braze: { baseUrl: 'rest.iad-01.braze.com' } },
      'connectors.braze.baseUrl: is no URL [http or https URL]',
    ],
    [{ braze: { ...braze, timeoutMs: 0 } }, 'connectors.braze.timeoutMs: is 0 [whole number from 1]'],
    [
      { braze: { ...braze, maxAttempts: '3' } },
      'connectors.braze.maxAttempts: is a string [whole number from 1]',
    ],
    [{ braze: { ...braze, backfill: 'drop' } }, 'connectors.braze.backfill: is "drop" [mute,refuse]'],
    [
      { braze: { ...braze, skipUnchanged: 'no' } },
      'connectors.braze.skipUnchanged: is a string [true,false]',
    ],
    [{ braze: { ...braze, eventNames: { a: 1 } } }, 'connectors.braze.eventNames.a: is a number [text]'],
  ])('%o', (connectors, line) => {
    expect(lines({ connectors })).toEqual([line])
  })

  test.each([
    [{ hubspot: { apiVersion: 'v5' } }, 'connectors.hubspot.apiVersion: is "v5" [2026-09,2026-03,v4,v3]'],
    [
      { hubspot: { apiVersion: { objects: 'v5' } } },
      'connectors.hubspot.apiVersion.objects: is "v5" [2026-09,2026-03,v4,v3]',
    ],
    [
      { segment: { hosts: { public: 1 } } },
      'connectors.segment.hosts.public: is a number [http or https URL]',
    ],
    [
      { segment: { oauth: { clientId: 'c', keyId: 'k', privateKey: 'written-out' } } },
      'connectors.segment.oauth.privateKey: is written out in the file [environment variable SEGMENT_OAUTH_PRIVATE_KEY,callback]',
    ],
    [
      { mixpanel: { region: 'us', projectId: '1', projectToken: '' } },
      'connectors.mixpanel.projectToken: is empty',
    ],
    [{ intercom: { groupTypes: ['company', 1] } }, 'connectors.intercom.groupTypes[1]: is a number [text]'],
    [{ intercom: { mergeLeads: 'yes' } }, 'connectors.intercom.mergeLeads: is a string [true,false]'],
  ])('of the other vendors: %o', (connectors, line) => {
    expect(lines({ connectors })).toEqual([line])
  })

  test('an unknown option names the nearest one', () => {
    const [line] = lines({ connectors: { braze: { ...braze, timeOutMS: 1 } } })
    expect(line).toContain('connectors.braze.timeOutMS: "timeOutMS" is unknown; did you mean "timeoutMs"?')
  })

  test('a secret is never written out, and a mistake does not repeat it', () => {
    const [line = ''] = lines({ connectors: { braze: { ...braze, apiKey: 'written-out-key' } } })
    expect(line).toBe(
      'connectors.braze.apiKey: is written out in the file [environment variable BRAZE_API_KEY,callback]',
    )
    expect(lines({ connectors: { braze: { ...braze, apiKey: () => 'fetched' } } })).toEqual([])
  })
})

describe('fields', () => {
  const check = (fields: unknown) => lines({ connectors: { braze }, fields })
  const plan = { of: 'user', name: 'plan', type: 'string' }
  test.each([
    [{}, 'fields: is an object [list]'],
    [[{ ...plan, of: 'users' }], 'fields[0].of: "users" is unknown; did you mean "user"? [user,group,event]'],
    [[plan, { of: 'user', type: 'string' }], 'fields[1].name: is missing [text]'],
    [[{ ...plan, event: 'Signed Up' }], 'fields[0].event: only a field of an event has one'],
    [[plan, plan], 'fields[1].name: "plan" is declared already, by fields[0]'],
    [
      [
        { ...plan, names: { braze: 'Plan' } },
        { ...plan, name: 'tier', names: { braze: 'Plan' } },
      ],
      'fields[1].names.braze: "Plan" becomes at braze what fields[0] becomes too: rename one',
    ],
  ])('%o', (fields, line) => {
    expect(check(fields)).toEqual([line])
  })

  test('the same name may be a field of a user and of two events', () => {
    const fields = [plan, { ...plan, of: 'event', event: 'A' }, { ...plan, of: 'event', event: 'B' }]
    expect(check(fields)).toEqual([])
  })
})

describe('routes', () => {
  const check = (routes: unknown) => lines({ connectors: { braze }, routes })
  test.each([
    [
      { braze: { items: ['event', 'profil'] } },
      'routes.braze.items[1]: "profil" is unknown; did you mean "profile"? [event,profile,link,group,membership,consent]',
    ],
    [{ braze: { off: 1 } }, 'routes.braze.off: is a number [true,false]'],
    [{ braze: { lastDays: -1 } }, 'routes.braze.lastDays: is -1 [days, more than 0]'],
    [{ braze: { events: { only: 'Signed Up' } } }, 'routes.braze.events.only: is a string [list]'],
    [
      { braze: { events: { only: [], except: [] } } },
      'routes.braze.events: has both "only" and "except": keep one',
    ],
    [{ intercom: {} }, 'routes.intercom: leads nowhere: connectors has no intercom'],
  ])('%o', (routes, line) => {
    expect(check(routes)).toEqual([line])
  })
})

describe('events', () => {
  const check = (events: unknown, connectors: unknown = { braze }) => lines({ connectors, events })
  test.each([
    [
      { A: { braze: 'x' }, B: { braze: 'x' } },
      'events.B.braze: "A" and "B" both become "x" at braze: rename one',
    ],
    [{ A: 'x', B: 'x' }, 'events.B: "A" and "B" both become "x" at segment: rename one'],
    [{ 'Signed Up': { brase: 'x' } }, 'events["Signed Up"].brase'],
    [{ A: { braze: 1 } }, 'events.A.braze: is a number [text]'],
  ])('%o', (events, line) => {
    expect(check(events)).toHaveLength(1)
    expect(check(events)[0]).toContain(line)
  })

  test('a connector’s own rename may repeat it, not contradict it', () => {
    const events = { A: { braze: 'x' } }
    expect(check(events, { braze: { ...braze, eventNames: { A: 'x' } } })).toEqual([])
    expect(check(events, { braze: { ...braze, eventNames: { A: 'y' } } })).toEqual([
      'events.A.braze: says "x", but connectors.braze.eventNames.A says "y": keep one',
    ])
  })
})

test('all mistakes are named at once', () => {
  expect(lines({ connectors: { braze: {} }, routs: {}, fields: [{}] })).toHaveLength(5)
})
