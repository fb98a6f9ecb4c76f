import { reasonWords, type Counts, type Reason, type Summary, type TriggerSummary } from '@tripline/triggers'
import { renderTable } from '../table/table.ts'
import { holdoutText } from './holdout-text.ts'
import { counted, indented, percentage, section } from './words.ts'

type Row = readonly (string | number)[]
const most = { refusals: 30, days: 31, overlaps: 10 } as const

/** The summary of a ledger as people read it: what each trigger did, what was refused and why, and what was assumed. */
export async function ledgerSummaryText(summary: Summary): Promise<string> {
  return [
    readingText(summary),
    ...section('Triggers', await triggersText(summary.triggers)),
    ...section('Not entered, not sent', await refusalsText(summary.triggers)),
    ...section('Sends by day (UTC)', await daysText(summary)),
    ...section('Messages per user', await messagesText(summary)),
    ...section('Caps', await capsText(summary)),
    ...section('Triggers that enter the same users', await overlapsText(summary)),
    ...section('Hold-outs', await holdoutText(summary.triggers)),
    ...section('Segments', await segmentsText(summary)),
    ...section('Assumed', indented(summary.assumptions.map(({ text }) => text))),
  ].join('\n')
}

function readingText({ reading, users, sends }: Summary): string {
  const days = [reading.first, reading.last].flatMap((at) => (at === undefined ? [] : [at.slice(0, 10)]))
  const span = days.length === 2 ? `, ${days.join(' to ')}` : ''
  const shares = `${users.entered.toLocaleString('en-US')} entered, ${users.messaged.toLocaleString('en-US')} got a message`
  return [
    `${counted(reading.events, 'event')} of ${counted(reading.users, 'user')}${span}`,
    `${shares}; ${counted(sends.total, 'send')}${sends.transactional > 0 ? `, ${sends.transactional.toLocaleString('en-US')} of them transactional` : ''}`,
  ].join('\n')
}

async function triggersText(triggers: readonly TriggerSummary[]): Promise<string> {
  if (triggers.length === 0) return ''
  const columns: readonly (readonly [string, (of: TriggerSummary) => number])[] = [
    ['fires', ({ fires }) => fires],
    ['not entered', ({ refusedFires }) => sum(refusedFires)],
    ['entered', ({ entries }) => entries],
    ['users', ({ users }) => users],
    ['held out', ({ heldOutEntries }) => heldOutEntries],
    ['sent', ({ sends }) => sum(sends)],
    ['other steps', ({ acts }) => acts],
    ['goals', ({ goals }) => goals],
    ['exits', ({ exits }) => exits],
  ]
  const always = new Set(['fires', 'entered', 'users', 'sent'])
  const shown = columns.filter(
    ([name, value]) => always.has(name) || triggers.some((each) => value(each) > 0),
  )
  return renderTable(
    ['trigger', ...shown.map(([name]) => name)],
    triggers.map((each): Row => [each.trigger, ...shown.map(([, value]) => value(each))]),
  )
}

async function refusalsText(triggers: readonly TriggerSummary[]): Promise<string> {
  const rows = triggers.flatMap(({ trigger, refusedFires, refusedSteps, heldOutSteps }) => [
    ...reasonRows(trigger, 'entry', refusedFires),
    ...reasonRows(trigger, 'step', refusedSteps),
    ...reasonRows(trigger, 'held-out step', heldOutSteps),
  ])
  if (rows.length === 0) return ''
  return tableOf(['trigger', 'what', 'times', 'reason', 'which is'], rows, most.refusals, 'reason')
}

async function daysText({ sends: { perDay } }: Summary): Promise<string> {
  if (perDay.length === 0) return ''
  const channels = [...new Set(perDay.map(({ channel }) => channel))].sort()
  const days = [...new Set(perDay.map(({ day }) => day))]
  const rows = days.map((day): Row => {
    const ofDay = perDay.filter((each) => each.day === day)
    return [day, ...channels.map((name) => ofDay.find(({ channel }) => channel === name)?.count ?? 0)]
  })
  return tableOf(['day', ...channels], rows, most.days, 'day')
}

async function messagesText({ messagesPerUser, users }: Summary): Promise<string> {
  if (users.messaged === 0) return ''
  const last = messagesPerUser.findLastIndex((bucket) => bucket.users > 0)
  return renderTable(
    ['messages', 'users', 'share'],
    messagesPerUser.slice(0, last + 1).map(({ from, to, users: count }): Row => {
      const range = to === undefined ? `${from} or more` : from === to ? String(from) : `${from} to ${to}`
      return [range, count, users.read === 0 ? '' : percentage(count / users.read)]
    }),
  )
}

async function capsText({ caps }: Summary): Promise<string> {
  if (caps.length === 0) return ''
  return renderTable(
    ['at most', 'channel', 'stopped', 'on its own'],
    caps.map(({ cap, stopped, alone }): Row => [
      `${cap.count} in ${cap.per}`,
      cap.channel ?? 'all',
      stopped,
      alone,
    ]),
  )
}

async function overlapsText({ overlaps }: Summary): Promise<string> {
  if (overlaps.length === 0) return ''
  const rows = overlaps.map(({ triggers, users, jaccard, within24h }): Row => [
    ...triggers,
    users,
    percentage(jaccard),
    percentage(within24h / users),
  ])
  return tableOf(['trigger', 'and', 'users of both', 'of either', 'within 24 h'], rows, most.overlaps, 'pair')
}

async function segmentsText({ segments }: Summary): Promise<string> {
  if (segments.length === 0) return ''
  return renderTable(
    ['segment', 'entered', 'left'],
    segments.map(({ segment, entered, left }): Row => [segment, entered, left]),
  )
}

async function tableOf(
  head: readonly string[],
  rows: readonly Row[],
  limit: number,
  what: string,
): Promise<string> {
  const table = await renderTable(head, rows.slice(0, limit))
  return rows.length > limit
    ? `${table}\nand ${counted(rows.length - limit, `more ${what}`)} (--json has all)`
    : table
}

const sum = (counts: Counts): number =>
  Object.values(counts).reduce((total: number, count) => total + (count ?? 0), 0)

/** Most frequent first. */
function reasonRows(trigger: string, what: string, counts: Counts<Reason>): readonly Row[] {
  return (Object.entries(counts) as [Reason, number][])
    .sort(([, first], [, second]) => second - first)
    .map(([reason, count]): Row => [trigger, what, count, reason, reasonWords[reason]])
}
