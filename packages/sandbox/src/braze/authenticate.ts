import type { SimReply, SimRequest } from '../core/index.ts'
import type { BrazeAccount } from './account.ts'
import { messages, refuse } from './errors.ts'

/**
 * 401 unless the header carries a key of this workspace, 403 when the key lacks the endpoint's permission. The legacy
 * `api_key` in body or query is not read. https://www.braze.com/docs/api/basics/#rest-api-key
 */
export function authenticate(
  request: SimRequest,
  permission: string,
  account: BrazeAccount,
): SimReply | undefined {
  const token = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1]
  const key = account.apiKeys.find((candidate) => candidate.key === token)
  if (!key) return refuse(401, messages.invalidKey)
  if (key.permissions !== 'all' && !key.permissions.includes(permission))
    return refuse(403, messages.accessDenied)
  return undefined
}
