import { TriplineError } from '@tripline/model'

/**
 * A vendor's address from the options, without a slash behind: a path is put right after it.
 * @throws {TriplineError} code `invalid`, path `baseUrl`: it is no URL
 * @example baseUrlOf('braze', 'https://rest.iad-01.braze.com/') // => 'https://rest.iad-01.braze.com'
 */
export function baseUrlOf(vendor: string, url: string | URL): string {
  if (URL.canParse(String(url))) return new URL(url).href.replace(/\/+$/, '')
  const message = 'baseUrl is no URL: write it with its protocol, as https://api.example.com'
  throw new TriplineError(vendor, { code: 'invalid', message, path: 'baseUrl' })
}
