/** What a property of an e-commerce event holds: text, a number, or a list of objects with such properties. */
export type CommerceType =
  | 'string'
  | 'number'
  | { readonly each: { readonly [property: string]: 'string' | 'number' } }
/** The declared properties of one event, or of one product of it. */
export type CommerceRow = { readonly [property: string]: CommerceType }

const product = {
  product_id: 'string',
  sku: 'string',
  category: 'string',
  name: 'string',
  brand: 'string',
  variant: 'string',
  price: 'number',
  quantity: 'number',
  coupon: 'string',
  position: 'number',
  url: 'string',
  image_url: 'string',
} as const satisfies CommerceRow

const products = { each: product } as const satisfies CommerceType

const orderAmounts = {
  order_id: 'string',
  affiliation: 'string',
  total: 'number',
  revenue: 'number',
  shipping: 'number',
  tax: 'number',
  discount: 'number',
  coupon: 'string',
  currency: 'string',
} as const satisfies CommerceRow

/**
 * The events of Segment's e-commerce spec, version 2, with their properties and types. The spec marks no property as
 * required, so none is required here: `readOrder` says what an order lacks. Properties that are not listed may be sent.
 *
 * `Order Refunded`: the spec's table lists `order_id` only; `total`, `currency` and `products` are those of its example.
 * Source: segmentio/segment-docs:src/connections/spec/ecommerce/v2.md at 747b35d (2025-11-07),
 * https://www.twilio.com/docs/segment/connections/spec/ecommerce/v2
 */
export const commerceEvents = {
  'Products Searched': { query: 'string' },
  'Product List Viewed': { list_id: 'string', category: 'string', products },
  'Product List Filtered': {
    list_id: 'string',
    category: 'string',
    filters: { each: { type: 'string', value: 'string' } },
    sorts: { each: { type: 'string', value: 'string' } },
    products,
  },
  'Promotion Viewed': { promotion_id: 'string', creative: 'string', name: 'string', position: 'string' },
  'Promotion Clicked': { promotion_id: 'string', creative: 'string', name: 'string', position: 'string' },
  'Product Clicked': { ...product },
  'Product Viewed': { ...product, currency: 'string', value: 'number' },
  'Product Added': { ...product, cart_id: 'string' },
  'Product Removed': { ...product, cart_id: 'string' },
  'Cart Viewed': { cart_id: 'string', products },
  'Checkout Started': {
    order_id: 'string',
    affiliation: 'string',
    value: 'number',
    revenue: 'number',
    shipping: 'number',
    tax: 'number',
    discount: 'number',
    coupon: 'string',
    currency: 'string',
    products,
  },
  'Checkout Step Viewed': {
    checkout_id: 'string',
    step: 'number',
    shipping_method: 'string',
    payment_method: 'string',
  },
  'Checkout Step Completed': {
    checkout_id: 'string',
    step: 'number',
    shipping_method: 'string',
    payment_method: 'string',
  },
  'Payment Info Entered': {
    checkout_id: 'string',
    order_id: 'string',
    step: 'number',
    shipping_method: 'string',
    payment_method: 'string',
  },
  'Order Updated': { ...orderAmounts, products },
  'Order Completed': { ...orderAmounts, checkout_id: 'string', subtotal: 'number', products },
  'Order Refunded': { order_id: 'string', total: 'number', currency: 'string', products },
  'Order Cancelled': { ...orderAmounts, products },
  'Coupon Entered': { order_id: 'string', cart_id: 'string', coupon_id: 'string' },
  'Coupon Applied': {
    order_id: 'string',
    cart_id: 'string',
    coupon_id: 'string',
    coupon_name: 'string',
    discount: 'number',
  },
  'Coupon Denied': {
    order_id: 'string',
    cart_id: 'string',
    coupon_id: 'string',
    coupon_name: 'string',
    reason: 'string',
  },
  'Coupon Removed': {
    order_id: 'string',
    cart_id: 'string',
    coupon_id: 'string',
    coupon_name: 'string',
    discount: 'number',
  },
  'Product Added to Wishlist': { ...product, wishlist_id: 'string', wishlist_name: 'string' },
  'Product Removed from Wishlist': { ...product, wishlist_id: 'string', wishlist_name: 'string' },
  'Wishlist Product Added to Cart': {
    ...product,
    wishlist_id: 'string',
    wishlist_name: 'string',
    cart_id: 'string',
  },
  'Product Shared': {
    share_via: 'string',
    share_message: 'string',
    recipient: 'string',
    product_id: 'string',
    sku: 'string',
    category: 'string',
    name: 'string',
    brand: 'string',
    variant: 'string',
    price: 'number',
    url: 'string',
    image_url: 'string',
  },
  'Cart Shared': {
    share_via: 'string',
    share_message: 'string',
    recipient: 'string',
    cart_id: 'string',
    products: { each: { product_id: 'string' } },
  },
  'Product Reviewed': { product_id: 'string', review_id: 'string', review_body: 'string', rating: 'string' },
} as const satisfies { readonly [event: string]: CommerceRow }

export type CommerceEvent = keyof typeof commerceEvents
