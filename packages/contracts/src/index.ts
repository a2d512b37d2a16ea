/**
 * What crosses the wire: shapes of the HTTP API, codes of problems, permissions of routes, names of
 * headers and cookies. Pure: zod and the kernel only, so the web imports it as the back end does.
 */
export { AccessClaims } from './access-claims.ts';
export { cookieNames, HEADERS, type CookieNames } from './headers.ts';
export { isPermission, PERMISSIONS, type Permission } from './permissions.ts';
export {
  isProblemCode,
  KIND_STATUS,
  PROBLEMS,
  problemStatus,
  type ProblemCode,
} from './problems.ts';
export type { Problem } from './problems/problem.ts';
export {
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
