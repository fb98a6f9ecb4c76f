import { type Sandbox, type SandboxOptions, startSimulator } from '../core/index.ts'
import type { SegmentAccount } from './account.ts'
import type { SegmentState } from './inspect.ts'
import type { SegmentSeed } from './seed.ts'
import { createSegmentSimulator } from './simulator.ts'

/**
 * Starts a Segment workspace on loopback: Tracking, OAuth, Profile and Public API under one URL.
 *
 * @example
 * const sandbox = await startSegmentSandbox()
 * // point a client at sandbox.url with segmentDefaults.writeKey, segmentDefaults.profileToken …
 * sandbox.clock.advance(5_000) // profiles show a message 5 s of sandbox time after it was accepted
 * sandbox.inspect().profiles
 */
export function startSegmentSandbox(
  options: SandboxOptions<SegmentAccount> = {},
): Promise<Sandbox<SegmentAccount, SegmentSeed, SegmentState>> {
  return startSimulator<SegmentAccount, SegmentSeed, SegmentState>(createSegmentSimulator, options)
}
