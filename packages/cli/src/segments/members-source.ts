import { CliError } from '../cli-error.ts'

/** Options that only make sense for one of the two sources of members. */
const ofVendor = ['form', 'ids', 'id', 'since', 'all', 'cursor'] as const
const ofDefinition = [
  'definitions',
  'at',
  'events',
  'columns',
  'traits',
  'records',
  'users',
  'lateness',
  'asReceived',
  'strict',
] as const

type Given = { readonly [name in (typeof ofVendor | typeof ofDefinition)[number] | 'from']?: unknown }

/**
 * Members come from a vendor (`--from`) or from past events (`--events`), never from both.
 * @throws {CliError} neither is named, or options of both are
 */
export function refuseMixed(given: Given): void {
  if (given.from !== undefined) {
    refuse(given, ofDefinition, 'belongs to members by definition, and not to --from')
    return
  }
  if (!isGiven(given.events)) {
    throw new CliError(
      'say where the members come from: --from VENDOR, or --events FILE for members by the definition of the segment',
    )
  }
  refuse(given, ofVendor, 'belongs to members at a vendor (--from), and not to --events')
}

function refuse(given: Given, names: readonly (keyof Given)[], message: string): void {
  const name = names.find((each) => isGiven(given[each]))
  if (name !== undefined) throw new CliError(`${optionName(name)} ${message}`)
}

/** Options not given are `undefined`, flags `false`, repeated ones empty. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)
}

const optionName = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
