export * from './core/index.ts'
export {
  createSharedClock,
  startSandboxProcess,
  type ProcessOptions,
  type SandboxProcess,
  type SharedClock,
} from './process/start-process.ts'
export { simulators, vendors, type Vendor } from './vendors.ts'
