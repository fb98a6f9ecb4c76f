import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createClock } from '../core/index.ts'
import { endpoints } from './endpoints.ts'
import { createBrazeSimulator } from './simulator.ts'

const { routes, coverage } = createBrazeSimulator({ clock: createClock({ jump: true }) })
const registered = routes.map(({ method, path }) => `${method} ${path}`).sort()

test('the coverage list names every route, and no other', () => {
  expect(Object.keys(coverage).sort()).toEqual(registered)
})

test('every route but the download has a permission and a limit', () => {
  const withoutDownload = registered.filter((route) => !route.includes('/segment-export/'))
  expect(Object.keys(endpoints).sort()).toEqual(withoutDownload)
})

const index = new URL('../../../../../shared/specs/braze/endpoint-index.json', import.meta.url)

test.skipIf(!existsSync(index))(
  'permissions are those of the published endpoint list (skipped: data not present)',
  () => {
    const listed = JSON.parse(readFileSync(index, 'utf8')) as {
      endpoints: readonly { method: string; path: string; permission: readonly string[] }[]
    }
    const permissions = new Map(
      listed.endpoints.map(({ method, path, permission }) => [`${method} ${path}`, permission[0]]),
    )
    for (const [endpoint, { permission }] of Object.entries(endpoints))
      expect([endpoint, permissions.get(endpoint)]).toEqual([endpoint, permission])
  },
)
