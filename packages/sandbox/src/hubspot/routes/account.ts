import { readBody } from '../body.ts'
import { notFound } from '../errors.ts'
import type { Portal } from '../portal.ts'
import type { RouteRow } from '../route-row.ts'

/** Who the account and the token are. */
export function accountRoutes(portal: Portal): readonly RouteRow[] {
  return [
    {
      resource: 'accountInfo',
      method: 'GET',
      path: '/details',
      scopes: [],
      handle: () => ({ status: 200, body: details(portal) }),
    },
    {
      resource: 'privateApps',
      method: 'POST',
      path: '/get/access-token-info',
      scopes: 'open',
      handle: (request) => {
        const { tokenKey } = readBody(portal.account, request, { tokenKey: 'string' })
        const { account } = portal
        const known = tokenKey === account.accessToken || tokenKey === account.serviceKey
        if (!known || account.revokedTokens.includes(tokenKey)) throw notFound('The access token is unknown')
        return {
          status: 200,
          body: {
            userId: account.userId,
            hubId: account.portalId,
            appId: account.appId,
            scopes: account.scopes,
          },
        }
      },
    },
  ]
}

function details({ account }: Portal): object {
  const minutes = Math.round(Math.abs(account.utcOffsetMs) / 60_000)
  const two = (value: number): string => String(value).padStart(2, '0')
  return {
    portalId: account.portalId,
    accountType: account.accountType,
    timeZone: account.timeZone,
    companyCurrency: 'USD',
    additionalCurrencies: [],
    utcOffset: `${account.utcOffsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`,
    utcOffsetMilliseconds: account.utcOffsetMs,
    uiDomain: account.uiDomain,
    dataHostingLocation: account.dataHostingLocation,
  }
}
