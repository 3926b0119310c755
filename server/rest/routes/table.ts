import type { RouteMethods } from "../handler";
import { ADMIN_ROUTES } from "./admin-table";
import { documentSchemaRoute } from "./as-code";
import {
  confirmSecondFactorRoute,
  passkeyOptionsRoute,
  passkeyRoute,
  passwordLinkRoute,
  secondFactorRoute,
  setupRoute,
  setupStatusRoute,
  signInRoute,
  signOutRoute,
  usePasswordLinkRoute,
} from "./auth";
import { health, live } from "./health";
import {
  breakerReset,
  breakers,
  cleanup,
  diagnosis,
  metrics,
  performanceSeries,
  reach,
  stats,
  summary,
  sync,
  timeZones,
} from "./monitoring";
import { oidcCallbackRoute, oidcStartRoute } from "./oidc";

const MONITORING = "/api/v1/schedules/monitoring";

/** All REST routes by path, except the alias `/api/v1/admin`, the OpenAPI document itself, and `TEST_ROUTES`. */
export const ROUTES: readonly (readonly [path: string, route: RouteMethods])[] = [
  ...ADMIN_ROUTES.map(([path, route]) => [`/admin/${path}`, route] as const),
  [`${MONITORING}/health`, health],
  [`${MONITORING}/reach`, reach],
  [`${MONITORING}/stats`, stats],
  [`${MONITORING}/analytics/summary`, summary],
  [`${MONITORING}/analytics/performance`, performanceSeries],
  [`${MONITORING}/metrics`, metrics],
  [`${MONITORING}/diagnosis`, diagnosis],
  [`${MONITORING}/breakers`, breakers],
  [`${MONITORING}/breakers/reset`, breakerReset],
  [`${MONITORING}/time-zones`, timeZones],
  [`${MONITORING}/sync`, sync],
  [`${MONITORING}/cleanup`, cleanup],
  ["/api/v1/schedules.schema.json", documentSchemaRoute],
  ["/api/live", live],
  ["/api/setup-status", setupStatusRoute],
  ["/api/auth/setup", setupRoute],
  ["/api/auth/sign-in", signInRoute],
  ["/api/auth/second-factor", secondFactorRoute],
  ["/api/auth/second-factor/confirm", confirmSecondFactorRoute],
  ["/api/auth/passkey/options", passkeyOptionsRoute],
  ["/api/auth/passkey", passkeyRoute],
  ["/api/auth/password-link", passwordLinkRoute],
  ["/api/auth/password-link/use", usePasswordLinkRoute],
  ["/api/auth/sign-out", signOutRoute],
  ["/api/auth/oidc", oidcStartRoute],
  ["/api/auth/callback/oidc", oidcCallbackRoute],
];
