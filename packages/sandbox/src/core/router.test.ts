import { describe, expect, test } from 'vitest'
import { createRouter } from './router.ts'
import type { Route } from './simulator.ts'

const route = (path: string, method: Route['method'] = 'GET'): Route => ({
  method,
  path,
  handle: () => ({ status: 200 }),
})
const find = createRouter([
  route('/users/{id}'),
  route('/users/me'),
  route('/{kind}/batch/{id}'),
  route('/users/{id}/tags'),
  route('/users/batch/read'),
  route('/users/{id}', 'DELETE'),
])
const pathOf = (path: string): string | undefined => find('GET', path)?.route.path

describe('router', () => {
  test('most literal segments win, whatever the order; of equals the first', () => {
    expect(pathOf('/users/me')).toBe('/users/me')
    expect(pathOf('/users/you')).toBe('/users/{id}')
    expect(pathOf('/users/batch/read')).toBe('/users/batch/read')
    expect(pathOf('/users/batch/tags')).toBe('/users/{id}/tags')
    const ties = createRouter([route('/{a}/b'), route('/a/{b}')])
    expect(ties('GET', '/a/b')?.route.path).toBe('/{a}/b')
  })

  test('the method counts', () => {
    expect(find('DELETE', '/users/1')?.route.method).toBe('DELETE')
    expect(find('POST', '/users/1')).toBeUndefined()
  })

  test('a trailing slash is another path, and an empty parameter none', () => {
    expect(pathOf('/users/1/')).toBeUndefined()
    expect(pathOf('/users/')).toBeUndefined()
  })

  test('a parameter is one segment, decoded', () => {
    expect(find('GET', '/users/a%2Fb%20%C3%BC')?.params).toEqual({ id: 'a/b ü' })
  })

  test.each(['/users/%', '/users/%zz', '/users/%ff', '/users/100%25%'])('%s is no parameter', (path) => {
    expect(find('GET', path)).toBeUndefined()
  })
})
