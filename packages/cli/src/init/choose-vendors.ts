import { createInterface } from 'node:readline/promises'
import { CliError } from '../cli-error.ts'
import { isVendor, vendors, type Vendor } from '../config/vendors.ts'

type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean }

/** The vendors given; else what is answered on a terminal; else all five. Off a terminal nothing is asked. */
export async function chooseVendors(
  given: readonly Vendor[],
  input: Input,
  output: NodeJS.WritableStream,
): Promise<readonly Vendor[]> {
  if (given.length > 0) return vendors.filter((vendor) => given.includes(vendor))
  if (input.isTTY !== true) return vendors
  const reader = createInterface({ input, output })
  try {
    const answer = await reader.question(`Which vendors (${vendors.join(', ')})? [all] `)
    const names = answer.split(/[\s,]+/).filter((name) => name !== '')
    const unknown = names.filter((name) => !isVendor(name))
    if (unknown.length > 0) throw new CliError(`no vendor: ${unknown.join(', ')} (${vendors.join(', ')})`)
    return names.length === 0 ? vendors : vendors.filter((vendor) => names.includes(vendor))
  } finally {
    reader.close()
  }
}
