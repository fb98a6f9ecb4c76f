import { TriplineError } from '@tripline/model'

/** A secret as text, or a callback that fetches it; `expired` is true when the vendor refused the last one. */
export type Secret = string | ((expired: boolean) => string | Promise<string>)

/**
 * Reads a secret on first use and keeps it until the vendor refuses it. Requests that are refused together share one
 * renewal.
 * @param environmentName read when no option is given
 * @throws {TriplineError} code `auth`: it is given nowhere; `unavailable`: the callback failed (its error is `cause`)
 * @example const apiKey = createSecret('braze', options.apiKey, 'BRAZE_API_KEY'); await apiKey(false)
 */
export function createSecret(
  vendor: string,
  given: Secret | undefined,
  environmentName: string,
): (expired: boolean) => Promise<string> {
  let current: Promise<string> | undefined
  let reading = false
  const read = async (expired: boolean): Promise<string> => {
    const value =
      typeof given === 'function'
        ? await ask(vendor, given, expired)
        : (given ?? process.env[environmentName])
    if (value) return value
    const message = `no credential: set the environment variable ${environmentName} or pass it as an option`
    throw new TriplineError(vendor, { code: 'auth', message })
  }
  return (expired) => {
    if (current && (reading || !expired)) return current
    reading = true
    current = read(expired)
      .catch((error: unknown) => {
        current = undefined
        throw error
      })
      .finally(() => {
        reading = false
      })
    return current
  }
}

async function ask(vendor: string, given: Exclude<Secret, string>, expired: boolean): Promise<string> {
  try {
    return await given(expired)
  } catch (cause) {
    if (TriplineError.is(cause)) throw cause
    const message = 'the callback that gives the credential failed'
    throw new TriplineError(vendor, { code: 'unavailable', message }, { cause })
  }
}
