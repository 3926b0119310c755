import type { Right, Role } from "~/server/domain/rights";

/** The caller. `rights` are those of an API key; other callers have the rights of their role. */
export interface Principal {
  id: string;
  email: string | null;
  name: string;
  role: Role | "service";
  via: "session" | "api_key" | "code" | "system";
  rights?: readonly Right[];
  /** The user signs in with a password alone. */
  lacksSecondFactor?: true;
  /** Redis did not respond, so the session is that of an earlier check. Such a caller may only read. */
  unverified?: true;
}

/** The principal of the worker's loops. */
export const SYSTEM_PRINCIPAL: Principal = {
  id: "system",
  email: null,
  name: "system",
  role: "admin",
  via: "system",
};
