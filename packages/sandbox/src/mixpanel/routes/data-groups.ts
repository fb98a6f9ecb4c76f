import type { Route } from '../../core/index.ts'
import { appError } from '../errors.ts'
import type { Project } from '../project.ts'

/** The group keys of the project settings. mixpanel/terraform-provider-mixpanel:gen/provider_code_spec.json */
export const dataGroupRoutes = (project: Project): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/app/projects/{projectId}/data-groups',
    handle: () => {
      const { groupAnalytics, groupKeys, entitlementStatus } = project.account
      if (!groupAnalytics) return appError(entitlementStatus, 'Group Analytics is not part of this plan')
      const results = groupKeys.map((key) => ({
        data_group_id: key.dataGroupId,
        display_name: key.displayName,
        property_name: key.propertyName,
        created_at: 0,
        is_ready: true,
        ready_at: 0,
        type: 1,
        metadata: {},
      }))
      return { status: 200, body: { status: 'ok', results } }
    },
  },
]
