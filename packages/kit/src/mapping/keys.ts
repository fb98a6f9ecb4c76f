import { createHash } from 'node:crypto'

/**
 * RFC 9562 UUID version 5 of a name, in a namespace given as text: the namespace's id is the version 5 UUID of that text
 * in the RFC's URL namespace. Stable over processes and releases. https://www.rfc-editor.org/rfc/rfc9562#section-5.5
 * @param namespace from a small set (a source, an account): each is kept
 * @example uuidV5('https://tripline.example/source/web', 'order-1') // => 'fb249f16-3ad7-513d-aaeb-b722033b3202'
 */
export function uuidV5(namespace: string, name: string): string {
  const digest = createHash('sha1').update(namespaceBytes(namespace)).update(name).digest()
  return formatUuid(digest)
}
const urlNamespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex')
const namespaces = new Map<string, Buffer>()

function namespaceBytes(namespace: string): Buffer {
  const known = namespaces.get(namespace)
  if (known) return known
  const digest = createHash('sha1').update(urlNamespace).update(namespace).digest()
  const bytes = Buffer.from(formatUuid(digest).replaceAll('-', ''), 'hex')
  namespaces.set(namespace, bytes)
  return bytes
}

function formatUuid(digest: Buffer): string {
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80
  const hex = digest.toString('hex', 0, 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/**
 * First 32 hex digits (128 bits) of the SHA-256 of the text's UTF-8, in lower case.
 * @example sha256Hex32('käse') // => '28f37578d68271283cefa0f170127d2e'
 */
export const sha256Hex32 = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32)
