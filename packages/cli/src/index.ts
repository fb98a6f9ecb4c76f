export {
  defineConfig,
  type EventNames,
  type FieldConfig,
  type Secret,
  type TriplineConfig,
} from './config/config.ts'
export type { ConnectorsConfig } from './config/connectors.ts'
export type { ItemKind } from './config/item-kinds.ts'
export type { NameChoice, RouteRule, Routes } from './config/route-rule.ts'
export {
  createRoute,
  type NotRouted,
  type Route,
  type RouteDecision,
  type RouteOptions,
} from './config/route.ts'
export type { Vendor } from './config/vendors.ts'
