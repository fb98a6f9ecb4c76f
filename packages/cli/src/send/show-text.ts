import type { ItemResult, PlannedRequest } from '@tripline/model'
import type { Shown, ShownMessage } from './show.ts'

/** One message, what it becomes at each vendor and what gets lost, for people. */
export function shownText({ file, line, items, mistakes, vendors }: ShownMessage): string {
  const wrong = (mistakes ?? []).map(({ path, message, allowed }) => {
    const place = path === '' ? 'the line' : path
    return `  malformed: ${place} ${message}${allowed ? ` (allowed: ${allowed.join(', ')})` : ''}`
  })
  return [
    `${file}:${line}  ${items.join(', ')}`.trimEnd(),
    ...wrong,
    ...vendors.flatMap(vendorLines),
    '',
  ].join('\n')
}

function vendorLines({ vendor, notRouted, requests, results }: Shown): readonly string[] {
  return [
    `  ${vendor}`,
    ...notRouted.map(({ key, because }) => `    not routed: ${key} (${because})`),
    ...requests.flatMap(requestLines),
    ...results.flatMap(resultLines),
  ]
}

function requestLines({ method, url, headers, body }: PlannedRequest): readonly string[] {
  const lines = [
    `${method} ${url}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : indented(body)),
  ]
  return lines.map((line) => `    ${line}`)
}

/** JSON over several lines; anything else as it is. */
function indented(body: string): readonly string[] {
  try {
    return JSON.stringify(JSON.parse(body), null, 2).split('\n')
  } catch {
    return body.trimEnd().split('\n')
  }
}

function resultLines({ key, outcome, losses }: ItemResult): readonly string[] {
  const lines = losses.map(({ path, kind, because }) => `    loss: ${path} ${kind}: ${because}`)
  if (outcome.status === 'skipped')
    lines.push(`    skipped: ${key} ${outcome.because}${outcome.detail ? ` (${outcome.detail})` : ''}`)
  if ('fault' in outcome) {
    const { path, message, code } = outcome.fault
    lines.push(`    ${outcome.status}: ${key} ${path === undefined ? '' : `${path} `}${message} [${code}]`)
  }
  return lines
}
