import { TriplineError } from '@tripline/model'
import { afterEach, expect, test, vi } from 'vitest'
import { createSecret } from './secret.ts'

afterEach(() => vi.unstubAllEnvs())

test('an option wins over the environment, which is read on first use', async () => {
  const fromEnvironment = createSecret('example', undefined, 'EXAMPLE_KEY')
  vi.stubEnv('EXAMPLE_KEY', 'from the environment')
  expect(await fromEnvironment(false)).toBe('from the environment')
  expect(await createSecret('example', 'given', 'EXAMPLE_KEY')(false)).toBe('given')
})

test('no credential anywhere is an error that names the variable', async () => {
  vi.stubEnv('EXAMPLE_KEY', '')
  const secret = createSecret('example', undefined, 'EXAMPLE_KEY')
  await expect(secret(false)).rejects.toMatchObject({ fault: { code: 'auth' } })
  await expect(secret(false)).rejects.toThrow('EXAMPLE_KEY')
  vi.stubEnv('EXAMPLE_KEY', 'later')
  expect(await secret(false)).toBe('later')
})

test('a callback is asked once, and once more for all who were refused together', async () => {
  let calls = 0
  const ask = vi.fn<(expired: boolean) => Promise<string>>(async () => `key ${++calls}`)
  const secret = createSecret('example', ask, 'EXAMPLE_KEY')
  expect(await Promise.all([secret(false), secret(false)])).toEqual(['key 1', 'key 1'])
  expect(await Promise.all([secret(true), secret(true), secret(false)])).toEqual(['key 2', 'key 2', 'key 2'])
  expect(ask.mock.calls).toEqual([[false], [true]])
})

test('a callback that fails is an unavailable credential, without its words, and is asked again', async () => {
  const ask = vi.fn<() => string>().mockImplementationOnce(() => {
    throw new Error('vault token s3cr3t expired')
  })
  const secret = createSecret('example', ask.mockReturnValue('key'), 'EXAMPLE_KEY')
  const error: unknown = await secret(false).catch((caught: unknown) => caught)
  if (!TriplineError.is(error)) throw new Error('not ours')
  expect(error.fault.code).toBe('unavailable')
  expect(error.message).not.toContain('s3cr3t')
  expect(error.cause).toEqual(new Error('vault token s3cr3t expired'))
  expect(await secret(false)).toBe('key')
})
