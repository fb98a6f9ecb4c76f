import type { Coverage } from '../core/index.ts'

const cohortEvaluation =
  'partial: the `groups` form and group cohorts are refused or not evaluated (unverified)'
const schemaApi = 'full'

/** Every route of the simulator and how much of the vendor's answer it gives. */
export const mixpanelCoverage = {
  'POST /import': 'partial: compaction, drop filters and the soft limit on event names are not simulated',
  'GET /import': 'partial: for npm `mixpanel` only',
  'POST /track': 'full',
  'GET /track': 'full',
  'POST /engage': 'full',
  'GET /engage': 'full',
  'POST /groups': 'full',
  'GET /groups': 'full',
  'POST /api/query/engage':
    'partial: behaviors take one event and a window in days; sort and search are ignored',
  'POST /api/query/cohorts/list': 'full',
  'GET /api/2.0/export': 'full',
  'GET /api/app/me': 'partial: only the fields that public clients read',
  'POST /api/app/validate-project-credentials/': 'full',
  'GET /api/app/projects/{projectId}/cohorts': cohortEvaluation,
  'POST /api/app/projects/{projectId}/cohorts': cohortEvaluation,
  'POST /api/app/projects/{projectId}/cohorts/bulk-delete': 'full',
  'POST /api/app/projects/{projectId}/cohorts/bulk-update': cohortEvaluation,
  'GET /api/app/projects/{projectId}/cohorts/{cohortId}': cohortEvaluation,
  'PATCH /api/app/projects/{projectId}/cohorts/{cohortId}': cohortEvaluation,
  'DELETE /api/app/projects/{projectId}/cohorts/{cohortId}': 'full',
  'GET /api/app/workspaces/{workspaceId}/cohorts': cohortEvaluation,
  'POST /api/app/workspaces/{workspaceId}/cohorts': cohortEvaluation,
  'POST /api/app/workspaces/{workspaceId}/cohorts/bulk-delete': 'full',
  'POST /api/app/workspaces/{workspaceId}/cohorts/bulk-update': cohortEvaluation,
  'GET /api/app/workspaces/{workspaceId}/cohorts/{cohortId}': cohortEvaluation,
  'PATCH /api/app/workspaces/{workspaceId}/cohorts/{cohortId}': cohortEvaluation,
  'DELETE /api/app/workspaces/{workspaceId}/cohorts/{cohortId}': 'full',
  'GET /api/app/projects/{projectId}/data-groups': 'partial: creation times and `type` are placeholders',
  'GET /api/app/projects/{projectId}/schemas': schemaApi,
  'POST /api/app/projects/{projectId}/schemas': schemaApi,
  'DELETE /api/app/projects/{projectId}/schemas': schemaApi,
  'GET /api/app/projects/{projectId}/schemas/{entityType}': schemaApi,
  'DELETE /api/app/projects/{projectId}/schemas/{entityType}': schemaApi,
  'GET /api/app/projects/{projectId}/schemas/{entityType}/{name}': schemaApi,
  'POST /api/app/projects/{projectId}/schemas/{entityType}/{name}': schemaApi,
  'DELETE /api/app/projects/{projectId}/schemas/{entityType}/{name}': schemaApi,
  'POST /api/app/data-deletions/v3.0': 'full',
  'POST /api/app/data-deletions/v3.0/': 'full',
  'GET /api/app/data-deletions/v3.0/{trackingId}': 'full',
  'DELETE /api/app/data-deletions/v3.0/{trackingId}': 'full',
} as const satisfies Coverage
