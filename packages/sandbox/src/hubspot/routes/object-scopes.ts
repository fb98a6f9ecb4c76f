import type { SimRequest } from '../../core/index.ts'
import { objectTypeOf } from '../store.ts'

/** Scope of one object type, read from the path. */
export const objectScopes =
  (verb: 'read' | 'write') =>
  (params: SimRequest['params']): readonly string[] => {
    const type = objectTypeOf(params['objectType'] ?? params['fromObjectType'] ?? '')
    return type === undefined ? [] : [`crm.objects.${type}.${verb}`]
  }

/** Reading properties is allowed to whoever may read or write the records. */
export const schemaScopes =
  (verb: 'read' | 'write') =>
  (params: SimRequest['params']): readonly string[] => {
    const type = objectTypeOf(params['objectType'] ?? '')
    if (type === undefined) return []
    return verb === 'write'
      ? [`crm.schemas.${type}.write`]
      : [
          `crm.schemas.${type}.read`,
          `crm.schemas.${type}.write`,
          `crm.objects.${type}.read`,
          `crm.objects.${type}.write`,
        ]
  }
