import { expectTypeOf, test } from 'vitest'
import type { Values } from '../value.ts'
import type { CommerceEventMap } from './commerce-types.ts'

test('CommerceEventMap', () => {
  type Completed = CommerceEventMap['Order Completed']
  expectTypeOf<Completed>().toExtend<Values>()
  expectTypeOf<Completed['order_id']>().toEqualTypeOf<string | null | undefined>()
  expectTypeOf<Completed['total']>().toEqualTypeOf<number | null | undefined>()
  expectTypeOf<keyof CommerceEventMap>().toExtend<string>()

  const order: Completed = { order_id: 'o1', products: [{ product_id: 'p1', price: 2, own: true }], own: [1] }
  expectTypeOf(order).toExtend<Completed>()
  // @ts-expect-error a price is a number
  const wrongPrice: Completed = { products: [{ price: '2' }] }
  // @ts-expect-error an order id is text
  const wrongId: Completed = { order_id: 1 }
  // @ts-expect-error undefined is refused at run time too
  const wrongAbsence: Completed = { total: undefined }
  expectTypeOf([wrongPrice, wrongId, wrongAbsence]).toExtend<readonly Completed[]>()
  // @ts-expect-error no event of the spec
  type Unknown = CommerceEventMap['Order Pondered']
  expectTypeOf<Unknown>().toExtend<unknown>()
})
