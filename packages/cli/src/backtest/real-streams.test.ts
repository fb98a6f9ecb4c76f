import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { callCli, createWorkspace } from '../../fixtures/command-line.ts'

const workspace = createWorkspace()
afterAll(() => workspace.remove())

const track = (name: string) => ({ type: 'track', name }) as const
const [viewed, added, ordered] = [track('Product Viewed'), track('Product Added'), track('Order Completed')]
const trigger = (id: string, when: object) => ({ specVersion: 1, id, when })
const cart = { kind: 'without', base: { kind: 'on', event: added }, event: ordered, for: '1h' } as const

const data = join(import.meta.dirname, '../../../../../shared/data')

describe.skipIf(!existsSync(data))('real streams (skipped: data not present)', () => {
  const rules = [
    trigger('cart', cart),
    trigger('cart-every', { ...cart, anchor: 'every' }),
    trigger('third-view', {
      kind: 'given',
      base: { kind: 'times', event: viewed, count: 3, within: '24h', by: 'product_id' },
      condition: {
        kind: 'not',
        condition: {
          kind: 'did',
          event: {
            ...added,
            where: { kind: 'property', property: 'product_id', op: 'eq', anchor: 'product_id' },
          },
          within: '24h',
        },
      },
    }),
    trigger('pause', {
      kind: 'given',
      base: { kind: 'inactive', for: '48h' },
      condition: { kind: 'did', event: { type: 'any' }, count: { op: 'gte', value: 2 } },
    }),
    trigger('five', { kind: 'times', event: { type: 'any' }, count: 5, within: '10m' }),
    trigger('view-add', {
      kind: 'without',
      base: {
        kind: 'sequence',
        steps: [{ event: viewed }, { event: added }],
        within: '30m',
        reuse: true,
        by: 'product_id',
      },
      event: ordered,
      for: '24h',
      anchor: 'every',
    }),
  ]
  const firesOf = (text: string) =>
    Object.fromEntries(
      (JSON.parse(text) as { triggers: readonly { trigger: string; fires: number }[] }).triggers.map(
        (each) => [each.trigger, each.fires],
      ),
    )

  test('taobao-a: the counts of a SQL engine, read once and sorted by user alike', async () => {
    workspace.write('six.json', JSON.stringify({ specVersion: 1, triggers: rules }))
    const file = join(data, 'taobao-a/events.ndjson.gz')
    const argv = ['backtest', '--definitions', 'six.json', '--json']
    const streamed = await callCli(workspace.folder, [...argv, '--events', file, '--out', 'streamed.ndjson'])
    expect(firesOf(streamed.stdout)).toEqual({
      cart: 1579,
      'cart-every': 2636,
      'third-view': 1267,
      pause: 227,
      five: 4567,
      'view-add': 141,
    })
    const sorted = await callCli(workspace.folder, [...argv, '--events', '-', '--out', 'sorted.ndjson'], {
      stdin: readFileSync(file),
    })
    expect(firesOf(sorted.stdout)).toEqual(firesOf(streamed.stdout))
    expect(workspace.read('sorted.ndjson') === workspace.read('streamed.ndjson')).toBe(true)
  }, 60_000)

  test('cdnow: no order for 7 days after at least two', async () => {
    const when = {
      kind: 'given',
      base: { kind: 'inactive', for: '7d' },
      condition: { kind: 'did', event: ordered, count: { op: 'gte', value: 2 } },
    }
    workspace.write('idle.json', JSON.stringify({ specVersion: 1, triggers: [trigger('idle', when)] }))
    const file = join(data, 'cdnow/events.ndjson.gz')
    const argv = ['backtest', '--definitions', 'idle.json', '--events', file, '--json']
    expect(firesOf((await callCli(workspace.folder, argv)).stdout)).toEqual({ idle: 37_770 })
  }, 60_000)
})
