import { expect, test } from 'vitest'
import { createToyConnector } from '../../fixtures/toy/connector.ts'
import { defects, type Defect } from '../../fixtures/toy/defects.ts'
import { expectToy, observeToy } from '../../fixtures/toy/picture.ts'
import { startToyVendor, type ToySandbox } from '../../fixtures/toy/vendor.ts'
import { lacking, Meaningless, skipFaults } from './compliance-test.ts'
import { complianceTests, withCapabilities } from './connector-compliance.ts'
import type { ComplianceSubject } from './subject.ts'

function toy(doubles: boolean, defect?: Defect): ComplianceSubject {
  const subject: ComplianceSubject<ToySandbox> = {
    vendor: 'toy',
    start: async () => startToyVendor(doubles),
    create: (sandbox, overrides, host) =>
      createToyConnector(sandbox, { doubles, ...(defect && { defect }) }, overrides, host),
    expect: (delivered) => expectToy(delivered, doubles),
    observe: observeToy,
    starts: () => 0,
    forbid: (sandbox) => sandbox.forbidEvents(),
    samples: { hugeCall: 300, settleMs: 1 },
  }
  return subject
}

/** A connector that hangs fails, too. */
const withinSeconds = async (work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it hangs')), 3_000)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
/** Names of the tests that a connector does not pass. */
async function failuresOf(subject: ComplianceSubject): Promise<readonly string[]> {
  const failed: string[] = []
  let unsupported = new Map<string, boolean>()
  await withCapabilities(subject, (capabilities) => {
    unsupported = new Map(complianceTests.map((each) => [each.name, lacking(each, capabilities).length > 0]))
  })
  for (const each of complianceTests) {
    if (unsupported.get(each.name)) continue
    try {
      await withinSeconds(each.run(subject))
    } catch (error) {
      if (!(error instanceof Meaningless)) failed.push(each.name)
    }
  }
  return failed
}

test.each([true, false])(
  'a connector without a defect passes everything (repeats double: %s)',
  async (doubles) => {
    expect(await failuresOf(toy(doubles))).toEqual([])
  },
)

/** Which test must see which defect, and at what kind of vendor. */
const seenBy: Readonly<Record<Defect, { readonly test: string; readonly doubles?: true }>> = {
  'drops-an-item': { test: 'event.stored-as-given' },
  'reorders-a-lane': { test: 'profile.the-later-write-wins' },
  'plain-sent-after-a-lost-answer': { test: 'fault.reset-after', doubles: true },
  'cuts-without-a-loss': { test: 'limits.valueChars' },
  'cuts-inside-a-code-point': { test: 'limits.valueChars' },
  'drops-keys-without-a-loss': { test: 'limits.keys' },
  'loses-the-context': { test: 'event.context-is-kept-or-said-to-be-lost' },
  'new-key-with-each-try': { test: 'event.repeat-is-as-declared' },
  'ignores-the-deadline': { test: 'call.deadline' },
  'ignores-the-abort': { test: 'call.aborted-before' },
  'sends-in-a-dry-run': { test: 'call.dry-run-makes-no-request' },
  'retry-does-not-hold-the-lane': { test: 'fault.retry-holds-the-lane' },
  'results-in-another-order': { test: 'call.results-in-order' },
  'never-renews-the-credential': { test: 'auth.an-expired-credential-is-asked-for-once-more' },
  'goes-on-after-a-refused-credential': { test: 'auth.a-refused-credential-halts-the-connector' },
  'one-request-for-each-item': { test: 'limits.items.event' },
  'requests-over-the-limit': { test: 'limits.items.event' },
  'sends-what-is-too-large': { test: 'limits.itemBytes' },
  'forgets-to-clear': { test: 'profile.null-clears-and-absent-stays' },
  'believes-every-200': { test: 'fault.silent' },
  'forgets-the-partial-answer': { test: 'fault.partial' },
  'sends-again-what-is-done': { test: 'call.done-is-not-sent-again' },
  'takes-from-no-budget': { test: 'limits.rate' },
  'unsupported-is-sent': { test: 'capabilities.what-is-unsupported-says-so' },
  'reads-only-the-first': { test: 'read.ids.gives-what-was-written' },
  'forgets-who-left': { test: 'members.ids.says-who-is-in' },
  'no-source-for-a-limit': { test: 'limits.every-limit-has-a-source' },
  'reads-in-a-dry-run': { test: 'call.every-dry-run-makes-no-request' },
  'verifies-in-a-dry-run': { test: 'check.a-dry-run-verifies-nothing' },
  'dies-of-a-redirect': { test: 'answer.a-redirect-is-not-followed' },
  'repeats-personal-data': { test: 'fault.carries-no-personal-data' },
  'shows-the-credential': { test: 'auth.the-credential-is-never-shown' },
}

test.each(defects)('a connector that %s is caught', async (defect) => {
  const { test: name, doubles = false } = seenBy[defect]
  expect(await failuresOf(toy(doubles, defect))).toContain(name)
})

test('a skip needs a test of that name, a reason, a source, and an ability that is there', async () => {
  const source = 'https://toy.test/docs'
  const subject: ComplianceSubject = {
    ...toy(false),
    skip: {
      'fault.silent': { because: 'the toy cannot say no', source },
      'event.no-such-test': { because: 'no', source },
      'group.stored-with-its-member': { because: 'the toy has no groups', source },
      'call.huge': { because: ' ', source },
      'call.empty': { because: 'slow', source: 'somebody said so' },
    },
  }
  await withCapabilities(subject, (capabilities) => {
    expect(skipFaults(subject, complianceTests, capabilities)).toEqual([
      'there is no test "event.no-such-test"',
      '"group.stored-with-its-member" is left out anyway: group unsupported',
      '"call.huge" is skipped without a reason',
      'the source of "call.empty" is no public URL and no owner/repo:path',
    ])
  })
})

test('no two tests have one name', () => {
  const names = complianceTests.map(({ name }) => name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
