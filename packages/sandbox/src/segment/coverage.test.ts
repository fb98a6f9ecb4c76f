import { expect, test } from 'vitest'
import { createClock } from '../core/index.ts'
import { segmentCoverage } from './coverage.ts'
import { publicOperations } from './public-operations.ts'
import { createSegmentSimulator } from './simulator.ts'

const simulator = createSegmentSimulator({ clock: createClock({ jump: true }) })
const registered = simulator.routes.map(({ method, path }) => `${method} ${path}`).sort()

test('the coverage list names exactly the registered routes', () => {
  expect(Object.keys(segmentCoverage).sort()).toEqual(registered)
})

test('every Public API operation of the table has a route', () => {
  expect(registered).toEqual(expect.arrayContaining(Object.keys(publicOperations)))
})
