import type { Item } from '@tripline/model'
import { expectTypeOf, test } from 'vitest'
import { defineCommand } from './define-command.ts'
import { createRoute, defineConfig, type RouteDecision, type TriplineConfig } from './index.ts'

test('defineConfig', () => {
  expectTypeOf(defineConfig).returns.toEqualTypeOf<TriplineConfig>()
  defineConfig({ connectors: { braze: { baseUrl: 'https://rest.iad-01.braze.com' }, intercom: {} } })
  // @ts-expect-error the cluster host is required
  defineConfig({ connectors: { braze: {} } })
  // @ts-expect-error no such vendor
  defineConfig({ connectors: { brase: {} } })
  // @ts-expect-error no such kind of item
  defineConfig({ connectors: {}, routes: { braze: { items: ['evnt'] } } })
  // @ts-expect-error no such type
  defineConfig({ connectors: {}, fields: [{ of: 'user', name: 'plan', type: 'text' }] })
})

test('createRoute', () => {
  expectTypeOf(createRoute).returns.toEqualTypeOf<(item: Item) => readonly RouteDecision[]>()
})

test('the arguments of a command have the types that they are declared with', () => {
  expectTypeOf(defineCommand).toBeFunction()
  defineCommand({
    name: 'example',
    summary: 'An example',
    examples: [],
    args: {
      file: { type: 'string', help: '' },
      vendor: { type: 'string', choices: ['a', 'b'], repeat: true, help: '' },
      count: { type: 'number', default: 1, help: '' },
      dryRun: { type: 'boolean', help: '' },
    },
    async run({ args }) {
      expectTypeOf(args.file).toEqualTypeOf<string | undefined>()
      expectTypeOf(args.vendor).toEqualTypeOf<readonly ('a' | 'b')[]>()
      expectTypeOf(args.count).toEqualTypeOf<number>()
      expectTypeOf(args.dryRun).toEqualTypeOf<boolean>()
      return 0
    },
  })
})
