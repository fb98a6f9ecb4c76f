import { createReadStream } from 'node:fs'

/** Reads a file of NDJSON and parses each line, and nothing else: what a backtest is measured against. */
let rest: Buffer = Buffer.alloc(0)
let lines = 0
for await (const chunk of createReadStream(process.argv[2] ?? '', { highWaterMark: 262_144 })) {
  const bytes = Buffer.concat([rest, chunk as Buffer])
  let from = 0
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
    JSON.parse(bytes.toString('utf8', from, end))
    lines++
    from = end + 1
  }
  rest = bytes.subarray(from)
}
console.log(`${lines} lines`)
