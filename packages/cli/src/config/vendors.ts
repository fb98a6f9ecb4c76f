/** The vendors a config can name, in the order of every table the command prints. */
export const vendors = ['segment', 'mixpanel', 'hubspot', 'braze', 'intercom'] as const
export type Vendor = (typeof vendors)[number]

export const isVendor = (name: string): name is Vendor => (vendors as readonly string[]).includes(name)
