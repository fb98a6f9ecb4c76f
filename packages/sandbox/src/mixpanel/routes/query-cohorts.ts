import type { Route, SimReply } from '../../core/index.ts'
import { cohortMembers } from '../cohort-evaluate.ts'
import type { Project } from '../project.ts'
import { runQuery } from '../query-gate.ts'

/** `POST /api/query/cohorts/list`: a bare array. https://developer.mixpanel.com/reference/cohorts-list */
export const queryCohortRoutes = (project: Project): readonly Route[] => [
  {
    method: 'POST',
    path: '/api/query/cohorts/list',
    handle: () => runQuery(project, 'queries', () => listCohorts(project)),
  },
]

const listCohorts = (project: Project): SimReply => ({
  status: 200,
  body: [...project.state.cohorts.values()].map((cohort) => ({
    id: cohort.id,
    name: cohort.name,
    description: cohort.description,
    count: cohortMembers(project, cohort).size,
    created: new Date(cohort.createdAtMs).toISOString().slice(0, 19).replace('T', ' '),
    is_visible: cohort.is_visible ? 1 : 0,
    project_id: project.account.projectId,
  })),
})
