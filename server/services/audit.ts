import type { REFUSED } from "~/server/domain/audit/results";
import type { AuditVerb } from "~/server/domain/audit/verbs";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { ErrorCode } from "~/server/domain/errors";
import { newAuditId } from "~/server/new-audit-id";
import type { Ctx, Deps } from "./ctx";
import { awaitFollowUp } from "./in-doubt";
import type { Principal } from "./principal";

/** `before` and `after`: the changed fields, or all fields of a small object such as a user. */
export interface NewAuditEntry {
  action: AuditVerb;
  target: string;
  /** The target's name at that time, if it has one. */
  targetName?: string | null;
  /** The other ids that the entry is about. */
  targets?: readonly string[];
  note?: string | null;
  /** The topic of a payload or headers in `before` or `after`, whose rules mask them. */
  topic?: string;
  before?: unknown;
  after?: unknown;
  /**
   * The person on whose decision a machine acts, such as the one who set the end of a pause. By default the service
   * account that owns the caller's API key.
   */
  onBehalfOf?: string | null;
  /** `succeeded` by default. */
  result?: typeof REFUSED;
  /** Why the call was refused. */
  errorCode?: ErrorCode;
  /** The refused call. */
  call?: string;
  /** How many calls or items the entry is about; 1 by default. */
  count?: number;
}

interface Caller {
  /** Null for the system. */
  principal: (Pick<Principal, "id" | "email" | "name" | "owner" | "client"> & { via: string }) | null;
  requestId: string;
  address?: string | null;
}

/** An audit entry as an outbox document. */
export interface AuditDocument {
  kind: typeof DOCUMENT_KIND.auditEntry;
  json: string;
}

/** The service account that owns the caller's API key. */
function serviceAccountOf(principal: Caller["principal"]): string | null {
  return principal?.owner?.startsWith("service:") ? principal.owner : null;
}

/** Returns the audit entry of a change, to be stored in one step with the change. */
export function auditDocument(ctx: Caller & { deps: Pick<Deps, "clock"> }, entry: NewAuditEntry): AuditDocument {
  const { deps, principal, requestId, address } = ctx;
  const at = deps.clock.now();
  const document = {
    id: newAuditId(at),
    at,
    actorId: principal?.id ?? "system",
    actor: principal?.email ?? principal?.name ?? "system",
    via: principal?.via ?? "system",
    client: principal?.client,
    address: address ?? undefined,
    requestId,
    ...entry,
    onBehalfOf: entry.onBehalfOf ?? serviceAccountOf(principal) ?? undefined,
  };
  return { kind: DOCUMENT_KIND.auditEntry, json: JSON.stringify(document) };
}

/** Writes an audit entry after its change was made. Throws `may_have_been_kept` if Redis fails. */
export async function writeAudit(ctx: Caller & Pick<Ctx, "deps">, entry: NewAuditEntry): Promise<void> {
  await awaitFollowUp("The change", ctx.deps.hot.append(DOCUMENT_KIND.auditEntry, auditDocument(ctx, entry).json));
}
