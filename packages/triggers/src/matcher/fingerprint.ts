import { canonical } from './canonical.ts'

/** A short name for a value, to tell changed definitions from the same ones (64 bits, FNV-1a; no protection from malice). */
export function fingerprintOf(value: unknown): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(canonical(value))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  return hash.toString(16).padStart(16, '0')
}
