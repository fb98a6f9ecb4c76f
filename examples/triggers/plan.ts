/** What happens in the shop and the app of these stories: what this plan does not declare does not compile. */
import { definePlan } from '@tripline/triggers'

export const plan = definePlan({
  events: {
    'Product Viewed': { product_id: 'string', price: 'number' },
    'Product Added': { product_id: 'string', price: 'number' },
    'Order Completed': { order_id: 'string', revenue: 'number' },
    'Price Dropped': { product_id: 'string' },
    'Delivery Delayed': { order_id: 'string' },
    'Page Left': { seconds: 'number' },
    'Signed Up': { plan: 'string' },
    'Project Created': { project_id: 'string' },
    'Feature Used': { feature: 'string' },
  },
  traits: { timezone: 'string', birthday: 'date', plan: 'string' },
})

export const viewed = plan.event('Product Viewed')
export const added = plan.event('Product Added')
export const ordered = plan.event('Order Completed')
