export type { ComplianceTest } from './compliance/compliance-test.ts'
export { complianceTests, connectorCompliance } from './compliance/connector-compliance.ts'
export { complianceFields } from './compliance/fields.ts'
export type {
  ComplianceOverrides,
  ComplianceSandbox,
  ComplianceSubject,
  FaultName,
  FaultPlan,
  Skip,
} from './compliance/subject.ts'
export { createFakeClock, type FakeClock } from './fake-clock.ts'
