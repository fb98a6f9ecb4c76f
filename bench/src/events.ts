/** A shop event of ordinary size (about 600 bytes of JSON), the same for the same number on every machine. */
export function shopEvent(number: number): object {
  const name = names[number % names.length] ?? 'Product Viewed'
  const user = `user-${(number * 7_919) % 2_000}`
  const product = `p-${(number * 104_729) % 5_000}`
  return {
    messageId: `m-${number.toString(36).padStart(8, '0')}`,
    type: 'track',
    userId: user,
    event: name,
    properties: {
      product_id: product,
      sku: `${product}-red`,
      name: `Product number ${product} with an ordinary name`,
      category: 'shoes',
      brand: 'Brand',
      variant: 'red',
      price: 10 + (number % 90) + 0.95,
      quantity: 1 + (number % 3),
      currency: 'EUR',
      position: number % 20,
      url: `https://shop.example/products/${product}`,
    },
    context: {
      ip: '203.0.113.7',
      locale: 'en-GB',
      library: { name: 'bench', version: '1' },
      page: { path: `/products/${product}` },
    },
    timestamp: new Date(1_793_000_000_000 + number * 250).toISOString(),
  }
}
const names = [
  'Product Viewed',
  'Product Viewed',
  'Product Viewed',
  'Product Clicked',
  'Product Added',
  'Product Added to Wishlist',
] as const
