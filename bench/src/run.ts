import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Measured } from './measure.ts'
import { vendors, type Vendor } from './subjects.ts'

/** Runs each vendor alone in a process of its own and prints ratios to the baseline of the same process. */
const chosen = process.argv.slice(2).filter((name): name is Vendor => vendors.includes(name as Vendor))
/** V8 lets garbage grow while memory is there; held small, it shows what the work needs. Baseline and ours feel it alike. */
const smallHeap = ['--max-old-space-size=48', '--max-semi-space-size=4']
const measureFile = fileURLToPath(new URL('./measure.ts', import.meta.url))

console.log(
  'Canonical events → validated, mapped, packed requests; one core, HTTP stubbed, 50,000 events, best of 5 rounds, V8 heap held to 48 MB.',
)
console.log('Baseline: JSON.parse + JSON.stringify of the same events in the same process.\n')
console.log('vendor     events/s   baseline/s   ratio   requests   max RSS')
for (const vendor of chosen.length > 0 ? chosen : vendors) {
  const printed = execFileSync(process.execPath, [...smallHeap, '-C', 'development', measureFile, vendor], {
    encoding: 'utf8',
  })
  const measured = JSON.parse(printed) as Measured
  const ratio = (measured.eventsPerSecond / measured.baselinePerSecond).toFixed(2)
  const cells = [
    vendor.padEnd(9),
    measured.eventsPerSecond.toLocaleString('en').padStart(9),
    measured.baselinePerSecond.toLocaleString('en').padStart(12),
    ratio.padStart(7),
    measured.requests.toLocaleString('en').padStart(10),
    `${measured.maxRssMb} MB`.padStart(9),
  ]
  console.log(cells.join(' '))
}
