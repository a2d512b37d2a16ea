/**
 * What crosses the wire: shapes of the HTTP API, codes of problems, permissions of routes, names of
 * headers and cookies. Pure: zod and the kernel only, so the web imports it as the back end does.
 */
export { AccessClaims } from './access-claims.ts';
export {
  AUTH_LEVELS,
  isAllowedAt,
  isOfMonitor,
  keyScopeOf,
  needsNoSession,
  type AuthLevel,
} from './away.ts';
export { cookieNames, CSRF_MARK, HEADERS, type CookieNames } from './headers.ts';
export { isPermission, isStaffPermission, PERMISSIONS, type Permission } from './permissions.ts';
export {
  CUSTOMER_SCOPES,
  KEY_SCOPES,
  ROLE_PERMISSIONS,
  STAFF_PERMISSIONS,
  STAFF_ROLES,
  STEP_UP_PERMISSIONS,
  UNMASKED_ROLES,
  type KeyScope,
  type StaffPermission,
  type StaffRole,
} from './staff.ts';
export { API, endpoints, type NamedEndpoint } from './api/index.ts';
export type { Endpoint } from './api/endpoint.ts';
export {
  addressOf,
  ApiProblem,
  ApiUnreachable,
  createApiClient,
  type ApiClient,
} from './client.ts';
export * from './api/wires.ts';
export {
  BreakersAsk,
  CutWire,
  DecidedAway,
  DecidedAwayAnswer,
  DecidedAwayAsk,
  DecisionsAsk,
  DecisionsWire,
  DecisionWire,
  INNER_PATHS,
  KeyDecisionAnswer,
  KeyDecisionAsk,
  KeyDecisionWire,
  OutsideWire,
  StaffActsAsk,
  StaffStandingWire,
  REVOCATIONS_MAX,
  RevocationsAsk,
  RevocationsWire,
  SESSIONS_ASKED_MAX,
  SwitchesWire,
} from './inner.ts';
export { openApiDocument } from './openapi.ts';
export {
  isProblemCode,
  KIND_STATUS,
  PROBLEMS,
  problemStatus,
  type ProblemCode,
} from './problems.ts';
export type { Problem } from './problems/problem.ts';
export {
  GuideWire,
  LIST_MAX,
  MoneyWire,
  moneyFromWire,
  moneyToWire,
  ORDER_STATES,
  OrderWire,
  PLANS_MAX,
  PlanWire,
  PRICES_MAX,
  QUESTIONS_MAX,
  ProblemWire,
  ProductWire,
  SUBSCRIPTION_STATES,
  SubscriptionsWire,
  SubscriptionWire,
} from './wire.ts';
