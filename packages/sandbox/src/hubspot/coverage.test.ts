import { expect, test } from 'vitest'
import { createClock } from '../core/index.ts'
import { hubspotCoverage } from './coverage.ts'
import { hubspotPaths } from './paths.ts'
import { createPortal } from './portal.ts'
import { coverageKey, expandRows } from './route-row.ts'
import { hubspotRows } from './routes/index.ts'
import { createHubspotSimulator } from './simulator.ts'

const clock = createClock({ jump: true })
const rows = hubspotRows(createPortal({ clock }))

test('the coverage list names every operation, and no other', () => {
  expect(Object.keys(hubspotCoverage).sort()).toEqual(rows.map(coverageKey).sort())
})

test('every operation is served under each path of its resource', () => {
  const served = createHubspotSimulator({ clock }).routes.map((route) => `${route.method} ${route.path}`)
  const expected = rows.flatMap((row) =>
    hubspotPaths[row.resource].map((base) => `${row.method} ${base}${row.path}`),
  )
  expect(served.sort()).toEqual(expected.sort())
  expect(new Set(served).size).toBe(served.length)
  expect(expandRows(rows).size).toBe(served.length)
})
