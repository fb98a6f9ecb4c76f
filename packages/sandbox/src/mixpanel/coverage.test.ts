import { createClock } from '../core/index.ts'
import { expect, test } from 'vitest'
import { createMixpanelSimulator, mixpanelCoverage } from './index.ts'

test('the coverage list and the routes are the same, both ways', () => {
  const { routes } = createMixpanelSimulator({ clock: createClock({ jump: true }) })
  const served = routes.map(({ method, path }) => `${method} ${path}`)
  expect(new Set(served).size).toBe(served.length)
  expect(Object.keys(mixpanelCoverage).toSorted()).toEqual(served.toSorted())
})
