import type { Ability, Capabilities } from '@tripline/model'
import type { ComplianceSubject } from './subject.ts'

/** One check that every connector must pass. */
export interface ComplianceTest {
  /** `<ability>.<what>`, or `<topic>.<what>` where no ability is meant. */
  readonly name: string
  /** Abilities that the test uses: where one is unsupported it has no meaning. */
  readonly needs: readonly Ability[]
  /** @throws when the connector does not comply; a `Meaningless` when the vendor's numbers leave nothing to test */
  run(subject: ComplianceSubject): Promise<void>
}
/** Thrown by a test that has nothing to check for this vendor: a limit that no item can reach. */
export class Meaningless extends Error {}

/** Abilities among the needed ones that the connector declares as unsupported. */
export const lacking = ({ needs }: ComplianceTest, capabilities: Capabilities): readonly Ability[] =>
  needs.filter((ability) => capabilities[ability].support === 'unsupported')

/** Why the skip list does not agree with the tests and with what the connector declares; empty when it does. */
export function skipFaults(
  subject: ComplianceSubject,
  tests: readonly ComplianceTest[],
  capabilities: Capabilities,
): readonly string[] {
  const byName = new Map(tests.map((test) => [test.name, test]))
  return Object.entries(subject.skip ?? {}).flatMap(([name, { because, source }]) => {
    const test = byName.get(name)
    if (!test) return [`there is no test "${name}"`]
    const unsupported = lacking(test, capabilities)
    if (unsupported.length > 0) return [`"${name}" is left out anyway: ${unsupported.join(', ')} unsupported`]
    if (because.trim() === '') return [`"${name}" is skipped without a reason`]
    return /^(https:\/\/|[\w.-]+\/[\w.-]+:)/.test(source)
      ? []
      : [`the source of "${name}" is no public URL and no owner/repo:path`]
  })
}
