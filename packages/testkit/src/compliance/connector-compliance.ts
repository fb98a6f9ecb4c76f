import { describe, expect, test } from 'vitest'
import { complianceFields } from './fields.ts'
import { lacking, Meaningless, skipFaults, type ComplianceTest } from './compliance-test.ts'
import type { ComplianceSandbox, ComplianceSubject } from './subject.ts'
import { belongingTests } from './tests/belonging.ts'
import { byteLimitTests } from './tests/byte-limits.ts'
import { callTests } from './tests/calls.ts'
import { credentialTests } from './tests/credentials.ts'
import { eventTests } from './tests/events.ts'
import { faultTests } from './tests/faults.ts'
import { laneTests } from './tests/lanes.ts'
import { limitTests } from './tests/limits.ts'
import { packingTests } from './tests/packing.ts'
import { peopleTests } from './tests/people.ts'
import { privacyTests } from './tests/privacy.ts'
import { rateLimitTests } from './tests/rate-limits.ts'
import { readTests } from './tests/reads.ts'
import { startTests } from './tests/starts.ts'
import { unsupportedTests } from './tests/unsupported.ts'

/** Every check, by topic. */
export const complianceTests: readonly ComplianceTest[] = [
  ...unsupportedTests,
  ...eventTests,
  ...peopleTests,
  ...belongingTests,
  ...readTests,
  ...startTests,
  ...callTests,
  ...credentialTests,
  ...privacyTests,
  ...faultTests,
  ...limitTests,
  ...byteLimitTests,
  ...rateLimitTests,
  ...packingTests,
  ...laneTests,
]

/**
 * Registers the compliance tests of one connector with Vitest. A test whose ability the connector declares as
 * unsupported is left out (another test checks that the connector says so); every other one that is not run stands in
 * `skip` with its reason and source.
 */
export function connectorCompliance<Sandbox extends ComplianceSandbox>(
  given: ComplianceSubject<Sandbox>,
): void {
  // Inside, a simulator only goes back to the subject it came from.
  const subject = given as unknown as ComplianceSubject
  describe(`compliance: ${subject.vendor}`, () => {
    test('skips agree with the tests and with the declared capabilities', async () => {
      await withCapabilities(subject, (capabilities) => {
        expect(skipFaults(subject, complianceTests, capabilities)).toEqual([])
      })
    })
    test.for(complianceTests)('$name', async (each, { skip }) => {
      expect(await runTest(subject, each, skip)).toBe('passed')
    })
  })
}

async function runTest(
  subject: ComplianceSubject,
  each: ComplianceTest,
  leaveOut: (note: string) => never,
): Promise<'passed'> {
  const skip = subject.skip?.[each.name]
  if (skip) leaveOut(`${skip.because} (${skip.source})`)
  let unsupported: readonly string[] = []
  await withCapabilities(subject, (capabilities) => {
    unsupported = lacking(each, capabilities)
  })
  if (unsupported.length > 0) leaveOut(`${unsupported.join(', ')} unsupported`)
  try {
    await each.run(subject)
  } catch (error) {
    if (error instanceof Meaningless) leaveOut(error.message)
    throw error
  }
  return 'passed'
}

export async function withCapabilities(
  subject: ComplianceSubject,
  use: (capabilities: ReturnType<ComplianceSubject['create']>['capabilities']) => void,
): Promise<void> {
  const sandbox = await subject.start()
  try {
    use(subject.create(sandbox, { fields: complianceFields }, sandbox.host).capabilities)
  } finally {
    await sandbox.close()
  }
}
