import type { PublicOperation } from './public-operations.ts'

const names: Readonly<Record<string, string>> = { stable: 'v1', beta: 'v1beta', alpha: 'v1alpha' }
const pattern = /^application\/vnd\.segment\.(?<version>v1|v1beta|v1alpha|stable|beta|alpha)\+json$/

/**
 * The media type a Public API answer gets. Plain JSON means the most stable version there is; a version the operation
 * does not have gives undefined (answered 404: which status the vendor gives is not documented).
 */
export function negotiate(accept: string | undefined, operation: PublicOperation): string | undefined {
  for (const part of (accept ?? '*/*').split(',')) {
    const type = (part.split(';')[0] ?? '').trim()
    if (type === '*/*' || type === 'application/*' || type === 'application/json') return 'application/json'
    const asked = pattern.exec(type)?.groups?.version
    const version = asked === undefined ? undefined : (names[asked] ?? asked)
    if (operation.versions.some((candidate) => candidate === version))
      return `application/vnd.segment.${version}+json`
  }
  return undefined
}

/** Whether a request body is declared as JSON, plain or of a version. */
export const isJsonBody = (contentType: string | undefined): boolean => {
  const type = (contentType ?? '').split(';')[0]?.trim() ?? ''
  return type === 'application/json' || pattern.test(type)
}
