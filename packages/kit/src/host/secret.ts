import { TriplineError } from '@tripline/model'

/** A secret as text, or a callback that fetches it; `expired` is true when the vendor refused the last one. */
export type Secret = string | ((expired: boolean) => string | Promise<string>)

/**
 * Reads a secret on first use and keeps it until the vendor refuses it.
 * @throws {TriplineError} code `auth`: it is given nowhere
 */
export function createSecret(
  vendor: string,
  given: Secret | undefined,
  environmentName: string,
): (expired: boolean) => Promise<string> {
  let current: Promise<string> | undefined
  const read = async (expired: boolean): Promise<string> => {
    const value = typeof given === 'function' ? await given(expired) : (given ?? process.env[environmentName])
    if (value) return value
    const message = `no credential: set the environment variable ${environmentName} or pass it as an option`
    throw new TriplineError(vendor, { code: 'auth', message })
  }
  return (expired) => {
    if (expired) current = undefined
    current ??= read(expired).catch((error: unknown) => {
      current = undefined
      throw error
    })
    return current
  }
}
