import type { Ability, Connector, ConsentItem, Field, Host, SegmentRef, StartItem } from '@tripline/model'
import type { Delivered, Picture } from '../expectations/index.ts'

/** A fault that a simulator is told to show, and on which requests ("METHOD /path" contains `on`). */
export interface FaultPlan {
  /** Share of the requests that show a fault, 0 to 1. @default 0 */
  readonly rate?: number
  readonly seed?: number
  readonly script?: readonly {
    readonly kind: FaultName
    readonly on?: string
    readonly nth?: number
    readonly times?: number
  }[]
}
export type FaultName =
  | 'rate-limited'
  | 'server-error'
  | 'server-error-after'
  | 'reset-before'
  | 'reset-after'
  | 'hang-before'
  | 'hang-after'
  | 'slow'
  | 'partial'
  | 'silent'

/** What the suite uses of a simulator; the handles of `@tripline/sandbox` fit. */
export interface ComplianceSandbox {
  readonly clock: Host['clock'] & { advance(ms: number): void }
  /** Lent to the connector, so that its waits follow the simulator's clock. */
  readonly host: Pick<Host, 'fetch' | 'clock'>
  /** Faults shown so far, by kind. */
  readonly faultsShown: Readonly<Record<string, number>>
  chaos(plan: FaultPlan): void
  requests(): readonly { readonly method: string; readonly path: string; readonly status: number }[]
  inspect(): unknown
  close(): Promise<void>
}

/** What the suite asks of the connector's options. */
export interface ComplianceOverrides {
  /** The field registry. */
  readonly fields: readonly Field[]
  /**
   * The credential; `expired` is true after the vendor refused the last one, and `''` stands for the one that the
   * simulator accepts. @default what the simulator accepts
   */
  readonly credential?: (expired: boolean) => Promise<string>
  readonly maxAttempts?: number
}

/** A test that a connector does not run, and the vendor fact that makes it meaningless. */
export interface Skip {
  readonly because: string
  /** Public URL or `owner/repo:path`. */
  readonly source: string
}

/**
 * One connector and its simulator, as the compliance suite needs them.
 * @example
 * connectorCompliance({
 *   vendor: 'braze',
 *   start: startBrazeSandbox,
 *   create: (sandbox, { fields }, host) => createBraze({ baseUrl: sandbox.url, apiKey: 'braze-sandbox-key', fields }, host),
 *   expect: expectBraze,
 *   observe: observeBraze,
 *   …
 * })
 */
export interface ComplianceSubject<Sandbox extends ComplianceSandbox = ComplianceSandbox> {
  readonly vendor: string
  /** A fresh simulator whose account has what connectors cannot make (workflows, subscriptions). */
  start(): Promise<Sandbox>
  /** Makes no request. `host` holds the simulator's fetch and clock, perhaps wrapped. */
  create(sandbox: Sandbox, overrides: ComplianceOverrides, host: Partial<Host>): Connector
  /** What must be stored, from the items and their results. */
  expect(delivered: readonly Delivered[]): Picture
  /** What is stored, from `sandbox.inspect()`. */
  observe(state: unknown): Picture
  /** Workflow starts, messages sent, from `sandbox.inspect()`. */
  starts(state: unknown): number
  /** Makes the account refuse the permission or tier that an ability needs. @default the ability needs none */
  forbid?(sandbox: Sandbox, ability: Ability): void
  /** Ids and names that only exist at this vendor. */
  readonly samples: {
    readonly consent?: Pick<ConsentItem, 'channel' | 'topic' | 'basis'>
    readonly groupType?: string
    /** Everything that `start` can start in the account of `start()`. */
    readonly starts?: readonly Pick<StartItem, 'via' | 'data'>[]
    /** A segment whose members can be read as a whole, if it is not the one that memberships are written to. */
    readonly wholeSegment?: SegmentRef
    /** Where the clock stands when a new account's lags are over, in ms after its start. @default 600_000 */
    readonly settleMs?: number
    /** Items of the huge call. @default 10_000 */
    readonly hugeCall?: number
  }
  /** Test name → why it is not run. Only for abilities that the connector declares as supported. @default {} */
  readonly skip?: Readonly<Record<string, Skip>>
}
