import { abilities, type CheckReport, type Limit } from '@tripline/model'
import { renderTable } from '../table/table.ts'
import type { Examined } from './examine.ts'

const supports = { native: 'yes', emulated: 'by other means', manual: 'by hand', unsupported: 'no' } as const

/** The accounts side by side, then what is wrong and what to do about it. */
export async function doctorText(all: readonly Examined[]): Promise<string> {
  const vendors = all.map(({ vendor }) => vendor)
  const facts: readonly (readonly [string, (of: Examined) => string])[] = [
    ['state', ({ state }) => state],
    ['account', ({ account }) => [account.name, account.id && `(${account.id})`].filter(Boolean).join(' ')],
    ['region', ({ account }) => account.region ?? ''],
    ['plan', ({ account }) => account.plan ?? ''],
    ['time zone', ({ account }) => account.timeZone ?? ''],
    [
      'clock ahead',
      ({ clockSkewMs }) => (clockSkewMs === undefined ? '' : `${(clockSkewMs / 1_000).toFixed(1)} s`),
    ],
  ]
  const known = facts.filter(([, of]) => all.some((each) => of(each) !== ''))
  const factTable = await renderTable(
    ['', ...vendors],
    known.map(([name, of]) => [name, ...all.map(of)]),
  )
  const abilityTable = await renderTable(
    ['ability', ...vendors],
    abilities.map((ability) => [ability, ...all.map((each) => abilityText(each.abilities?.[ability]))]),
  )
  const limitTable = await renderTable(
    ['rate limit', 'vendor', 'at most'],
    all.flatMap(({ vendor, limits }) => limits.flatMap((limit) => limitRow(vendor, limit))),
  )
  return [factTable, abilityTable, limitTable, ...all.flatMap(faultLines)].join('\n\n')
}

function abilityText(ability: CheckReport['abilities'][keyof CheckReport['abilities']] | undefined): string {
  if (ability === undefined) return '?'
  return `${supports[ability.support]}${ability.confidence === 'verified' ? '' : ` (${ability.confidence})`}`
}

function limitRow(vendor: string, limit: Limit): readonly (readonly string[])[] {
  if (limit.kind !== 'rate') return []
  const unsure = limit.verified ? '' : ' (unverified)'
  return [[limit.id, vendor, `${limit.max.toLocaleString('en-US')} in ${limit.perMs / 1_000} s${unsure}`]]
}

function faultLines({ vendor, faults, abilities: found }: Examined): readonly string[] {
  const wrong = faults.map(({ code, message }) => `  ${message} [${code}]`)
  const lacking = abilities.flatMap((ability) => {
    const { support, confidence, needs } = found?.[ability] ?? {}
    if (support !== 'unsupported' || confidence !== 'verified' || !needs) return []
    return [`  ${ability} needs ${needs.join(', ')}`]
  })
  return wrong.length + lacking.length === 0 ? [] : [[vendor, ...wrong, ...lacking].join('\n')]
}
