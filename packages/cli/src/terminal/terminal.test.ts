import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createProgress } from './progress.ts'
import { createRedactor } from './redact.ts'
import { createTerminal } from './terminal.ts'

function stream(
  isTTY: boolean,
): Writable & { readonly isTTY: boolean; readonly columns: number; text(): string } {
  let text = ''
  const writable = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString()
      done()
    },
  })
  return Object.assign(writable, { isTTY, columns: 40, text: () => text })
}

describe('secrets', () => {
  test('are hidden as they are, in JSON, in URLs and in Basic credentials', () => {
    const redactor = createRedactor()
    redactor.hide('s3cret/"key"')
    const basic = Buffer.from('s3cret/"key":').toString('base64')
    for (const form of [
      's3cret/"key"',
      JSON.stringify('s3cret/"key"'),
      encodeURIComponent('s3cret/"key"'),
      basic,
    ]) {
      const cleaned = redactor.clean(`before ${form} after`)
      expect(cleaned).toMatch(/^before .?\*\*\*.? after$/)
    }
  })

  test('of a few letters stay: they would blank out words', () => {
    const redactor = createRedactor()
    redactor.hide('the')
    expect(redactor.clean('the end')).toBe('the end')
  })

  test('are hidden in results, rows and notes alike', async () => {
    const streams = { stdout: stream(false), stderr: stream(false) }
    const terminal = createTerminal(streams, true)
    terminal.hide('braze-key-123')
    terminal.result({ key: 'braze-key-123' }, () => '')
    await terminal.row({ key: 'braze-key-123' })
    terminal.note('the key is braze-key-123')
    expect(streams.stdout.text() + streams.stderr.text()).not.toContain('braze-key-123')
  })
})

test('a result is JSON under --json, else text', () => {
  const [plain, json] = [false, true].map((asJson) => {
    const stdout = stream(false)
    createTerminal({ stdout, stderr: stream(false) }, asJson).result({ a: 1 }, () => 'a is 1')
    return stdout.text()
  })
  expect(plain).toBe('a is 1\n')
  expect(JSON.parse(json ?? '')).toEqual({ a: 1 })
})

describe('progress', () => {
  test('is a bar on a terminal, which goes when it ends', () => {
    const out = stream(true)
    const progress = createProgress(out, { label: 'sending', total: 200 })
    progress.update(100, 'braze 5')
    expect(out.text()).toContain('[############............] 50 %')
    progress.end()
    expect(out.text().endsWith('\r\u001B[2K')).toBe(true)
  })

  test('is no wider than the terminal', () => {
    const out = stream(true)
    createProgress(out, { label: 'sending', total: 1 }).update(1, 'x'.repeat(200))
    expect(out.text().split('\r\u001B[2K').at(-1)?.length).toBe(39)
  })

  test('is plain lines elsewhere, and the last state is told', () => {
    const out = stream(false)
    const progress = createProgress(out, { label: 'sending', total: 200 })
    progress.update(100)
    progress.update(200, 'braze 5')
    expect(out.text()).toBe('')
    progress.end()
    expect(out.text()).toBe('sending 100 %  braze 5\n')
  })
})
