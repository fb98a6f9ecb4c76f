import { expect } from 'vitest'
import type { ComplianceTest } from '../compliance-test.ts'
import { statusesOf, withRig } from '../rig.ts'

const address = 'ada@example.com'
const phone = '+4915112345678'
const secret = 'tripline-compliance-secret'

/** Once `answer` is set, every request is answered with it; before that the simulator's fetch is. */
interface Line {
  answer?: () => Response
  through?: typeof globalThis.fetch
  count: number
  readonly fetch: typeof globalThis.fetch
}
function createLine(): Line {
  const line: Line = {
    count: 0,
    async fetch(input, init) {
      line.count++
      if (line.answer) return line.answer()
      if (!line.through) throw new Error('asked before the line stands')
      return line.through(input, init)
    },
  }
  return line
}

export const privacyTests: readonly ComplianceTest[] = [
  {
    name: 'check.a-dry-run-verifies-nothing',
    needs: [],
    run: (subject) =>
      withRig(subject, {}, async ({ connector, requests }) => {
        const before = requests.length
        const { abilities, faults } = await connector.check({ dryRun: true })
        expect(requests).toHaveLength(before)
        expect(faults).toEqual([])
        const sure = Object.entries(abilities).filter(
          ([, { support, confidence }]) => support !== 'unsupported' && confidence !== 'assumed',
        )
        expect(sure).toEqual([])
      }),
  },
  {
    name: 'answer.a-redirect-is-not-followed',
    needs: ['event', 'profile'],
    async run(subject) {
      const line = createLine()
      await withRig(subject, { host: { fetch: line.fetch } }, async (rig) => {
        line.through = rig.sandbox.host.fetch
        const people = await rig.arrive('u1')
        line.answer = () =>
          new Response(null, { status: 302, headers: { location: 'https://elsewhere.example/' } })
        line.count = 0
        const report = await rig.deliver([
          rig.make.profile('u1', { plan: 'new' }),
          rig.make.event('u1', { note: 'x' }),
        ])
        expect(new Set(statusesOf(report))).toEqual(new Set(['retry']))
        expect(report.halt).toMatchObject({ what: 'connector', fault: { code: 'invalid', status: 302 } })
        expect(line.count).toBeLessThanOrEqual(2)
        expect(rig.differences(people)).toEqual([])
      })
    },
  },
  {
    name: 'fault.carries-no-personal-data',
    needs: ['event', 'profile'],
    async run(subject) {
      const line = createLine()
      await withRig(subject, { host: { fetch: line.fetch } }, async (rig) => {
        line.through = rig.sandbox.host.fetch
        await rig.arrive('u1')
        for (const status of [400, 401, 403, 404, 409, 422]) {
          const said = `${address} and ${phone} are not what they should be`
          line.answer = () =>
            Response.json(
              { message: said, error: said, type: 'error.list', errors: [{ code: 'bad', message: said }] },
              { status },
            )
          const report = await rig.deliver([
            rig.make.profile('u1', { email: address, phone, plan: String(status) }),
            rig.make.event('u1', { note: 'x' }),
          ])
          expect(statusesOf(report)).not.toContain('sent')
          expect(JSON.stringify(report)).not.toContain(address)
          expect(JSON.stringify(report)).not.toContain(phone)
        }
      })
    },
  },
  {
    name: 'auth.the-credential-is-never-shown',
    needs: ['event', 'profile'],
    async run(subject) {
      const shown: unknown[] = []
      const options = {
        credential: async () => secret,
        host: { onCall: (call: unknown) => shown.push(call) },
      }
      await withRig(subject, options, async ({ connector, deliver, make, planned }) => {
        const items = [make.profile('u1', { plan: 'new' }), make.event('u1', { note: 'x' })]
        shown.push(await deliver(items, { dryRun: true }), await deliver(items), planned)
        shown.push(await connector.check(), await connector.check({ dryRun: true }))
        const read = connector.schema.read().catch((error: unknown) => [String(error), error])
        shown.push(await read)
        const text = JSON.stringify(shown)
        expect(text).not.toContain(secret)
        expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20))
      })
    },
  },
]
