export { createChaos, mulberry32, type Chaos, type ChaosPlan, type ScriptedFault } from './chaos.ts'
export { createClock, type ClockSettings, type SandboxClock } from './clock.ts'
export type { Journal, JournalEntry } from './journal.ts'
export { createRateCounter, type RateAnswer, type RateWindow } from './rate-window.ts'
export { startSimulator, type Sandbox, type SandboxOptions } from './sandbox.ts'
export { serveSimulator, type RunningServer } from './server.ts'
export type {
  Coverage,
  FaultKind,
  Route,
  SimReply,
  SimRequest,
  Simulator,
  SimulatorOptions,
} from './simulator.ts'
