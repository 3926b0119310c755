import type { Right } from "~/server/domain/rights";
import type { TopicPrefixes } from "~/server/domain/scope";

/** The caller. `rights` are those of an API key or of a custom role; others have the rights of their built-in role. */
export interface Principal {
  id: string;
  email: string | null;
  name: string;
  /** A built-in role, the name of a custom role, or `service` for an API key. */
  role: string;
  /** `mcp`: an assistant with an API key. */
  via: "session" | "api_key" | "mcp" | "code" | "system";
  /** The program that the caller says it is, such as `claude-code 2.1.0`. */
  client?: string;
  rights?: readonly Right[];
  /** The user signs in with a password alone. */
  lacksSecondFactor?: true;
  /** The topics that the caller may see; without it, all. */
  scope?: TopicPrefixes;
  /** The scope in words for pages: its namespaces and its other topic prefixes. */
  scopeLabel?: string;
  /** The owner of the API key, such as `service:billing-worker`. */
  owner?: string;
  /** Redis did not respond, so the session is that of an earlier check. Such a caller may only read. */
  unverified?: true;
}

/** The principal of work without a caller, such as that of the worker's loops. */
export const SYSTEM_PRINCIPAL: Principal = {
  id: "system",
  email: null,
  name: "system",
  role: "admin",
  via: "system",
};
