import type { Route } from '../../core/index.ts'
import { ok, refuse, route } from '../errors.ts'
import type { IntercomAdmin } from '../account.ts'
import type { IntercomContext } from '../state.ts'

export function meRoutes(context: IntercomContext): readonly Route[] {
  return [
    route('GET', '/me', () => {
      const { workspaceId, workspaceName, timeZone, region } = context.account()
      return ok({
        ...renderAdmin(tokenOwner(context)),
        email_verified: true,
        has_inbox_seat: true,
        avatar: { type: 'avatar', image_url: null },
        app: {
          type: 'app',
          id_code: workspaceId,
          name: workspaceName,
          created_at: 1_734_537_243,
          secure: false,
          identity_verification: false,
          timezone: timeZone,
          region,
        },
      })
    }),
  ]
}

export function tokenOwner(context: IntercomContext): IntercomAdmin {
  const [owner] = context.account().admins
  return owner ?? refuse(404, 'admin_not_found', 'Admin not found')
}
export const renderAdmin = ({ id, name, email }: IntercomAdmin): object => ({
  type: 'admin',
  id,
  name,
  email,
  away_mode_enabled: false,
  away_mode_reassign: false,
})
