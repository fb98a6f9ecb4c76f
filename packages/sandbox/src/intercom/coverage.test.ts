import { expect, test } from 'vitest'
import { createClock } from '../core/index.ts'
import { createIntercomSimulator, intercomCoverage } from './index.ts'

test('the coverage list names exactly the registered routes', () => {
  const { routes } = createIntercomSimulator({ clock: createClock({ jump: true }) })
  const registered = routes.map(({ method, path }) => `${method} ${path}`)
  expect(new Set(registered).size).toBe(registered.length)
  expect(Object.keys(intercomCoverage).toSorted()).toEqual(registered.toSorted())
})
