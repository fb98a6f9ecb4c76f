import type { Capabilities, Capability, Limit } from '@tripline/model'

const support = {
  native: 'yes',
  emulated: 'by other means',
  manual: 'by hand, in the vendor’s UI',
  unsupported: 'no',
} as const satisfies Record<Capability['support'], string>

const repeat = {
  natural: 'harmless',
  keyed: 'recognised by key',
  doubles: 'counts twice',
} as const satisfies Record<NonNullable<Capability['repeat']>, string>

const sizes = {
  items: 'items in one request',
  bytes: 'bytes in one request',
  itemBytes: 'bytes in one item',
  keys: 'properties of one item',
  nameChars: 'characters in a name',
  valueChars: 'characters in a value',
  valueBytes: 'bytes in a value',
  depth: 'levels of nesting',
  names: 'different names',
  idBytes: 'bytes in an id',
} as const satisfies Record<Extract<Limit, { kind: 'size' }>['of'], string>

const consequences = {
  refused: 'refused',
  truncated: 'cut',
  dropped: 'dropped',
  'lost-silently': 'lost without an error',
} as const satisfies Record<Extract<Limit, { kind: 'size' }>['over'], string>

/** One row per ability, in the order of the model. */
export function capabilityTable(capabilities: Capabilities): string {
  const rows = Object.entries(capabilities).map(([ability, capability]) => [
    `\`${ability}\``,
    support[capability.support],
    repeatText(capability),
    capability.visibleAfterMs === undefined ? '' : duration(capability.visibleAfterMs),
    (capability.needs ?? []).map((need) => `\`${need}\``).join(', '),
    `${capability.because} (${sourceLink(capability.source)})`,
  ])
  return table(['Ability', 'Can it', 'A repeat', 'Readable after', 'Needs', 'Why'], rows)
}

export function limitTable(limits: readonly Limit[]): string {
  const rows = limits.map((limit) => [
    `\`${limit.id}\``,
    limit.endpoints.map((endpoint) => `\`${endpoint}\``).join(', '),
    amount(limit),
    limit.kind === 'size' ? consequences[limit.over] : 'waits',
    `${sourceLink(limit.source)}${limit.verified ? '' : ' (unverified)'}`,
  ])
  return table(['Limit', 'Where', 'At most', 'More is', 'Source'], rows)
}

function repeatText(capability: Capability): string {
  if (capability.repeat === undefined) return ''
  const how = repeat[capability.repeat]
  return capability.keyForMs === undefined ? how : `${how} for ${duration(capability.keyForMs)}`
}

function amount(limit: Limit): string {
  const max = limit.max.toLocaleString('en-US')
  if (limit.kind === 'size') return `${max} ${sizes[limit.of]}`
  if (limit.kind === 'parallel') return `${max} at once, per ${limit.sharedBy}`
  return `${max} in ${duration(limit.perMs)} (${limit.window}), per ${limit.sharedBy}`
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

/** In the largest unit that needs at most one decimal: `60000` → `1 min`, `1500` → `1.5 s`. */
function duration(ms: number): string {
  if (ms === 0) return 'at once'
  const unit = units.find(([, size]) => ms >= size && (ms * 10) % size === 0)
  return unit ? `${ms / unit[1]} ${unit[0]}` : `${ms} ms`
}

/** A URL becomes a link; `owner/repo:path` and anything longer stay as they are written. */
function sourceLink(source: string): string {
  return /^https?:\/\/\S+$/.test(source) ? `[source](${source})` : source
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
