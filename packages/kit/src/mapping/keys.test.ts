import { createHash } from 'node:crypto'
import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { sha256Hex32, uuidV5 } from './keys.ts'

const dnsNamespace = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'
const urlNamespace = '6ba7b811-9dad-11d1-80b4-00c04fd430c8'

/** RFC 9562 §5.5 by numbers instead of bytes. */
function referenceV5(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
  const bits = BigInt(`0x${hash.digest('hex').slice(0, 32)}`)
  const withVersion = (bits & ~(0xfn << 76n)) | (5n << 76n)
  const withVariant = (withVersion & ~(3n << 62n)) | (2n << 62n)
  const hex = withVariant.toString(16).padStart(32, '0')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

test('the reference knows the example of RFC 9562, appendix A.4, and one of Python’s documentation', () => {
  expect(referenceV5(dnsNamespace, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2')
  expect(referenceV5(dnsNamespace, 'python.org')).toBe('886313e1-3b8a-5372-9b90-0c9aee199e5d')
})

// Computed with Python 3: uuid5(uuid5(NAMESPACE_URL, namespace), name).
test.each([
  ['https://tripline.example/source/web', 'order-1', 'fb249f16-3ad7-513d-aaeb-b722033b3202'],
  ['shop é', 'käse 🧀', '0d59e3bc-c28d-5b47-9bf3-4563e1316964'],
])('%s, %s', (namespace, name, uuid) => {
  expect(uuidV5(namespace, name)).toBe(uuid)
})

fcTest.prop([fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })])(
  'is two steps of version 5',
  (namespace, name) => {
    expect(uuidV5(namespace, name)).toBe(referenceV5(referenceV5(urlNamespace, namespace), name))
  },
)

test('SHA-256, first half', () => {
  expect(sha256Hex32('')).toBe('e3b0c44298fc1c149afbf4c8996fb924')
  expect(sha256Hex32('käse')).toBe('28f37578d68271283cefa0f170127d2e')
})
