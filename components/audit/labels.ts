import { toSentenceCase } from "~/components/ui/format";
import type { AUDIT_RESULTS } from "~/server/domain/audit/results";
import type { AuditVerb } from "~/server/domain/audit/verbs";
import { shownActor } from "~/server/domain/shown-actor";
import type { AuditRow } from "./audit-row";

export const VERB_LABELS: Record<AuditVerb, string> = {
  "schedule.create": "Created schedule",
  "schedule.edit": "Edited schedule",
  "schedule.pause": "Paused schedule",
  "schedule.resume": "Resumed schedule",
  "schedule.execute": "Ran schedule now",
  "schedule.delete": "Deleted schedule",
  "schedule.reveal": "Revealed payload",
  "bulk.pause": "Paused in bulk",
  "bulk.resume": "Resumed in bulk",
  "bulk.execute": "Ran now in bulk",
  "bulk.retag": "Retagged in bulk",
  "bulk.spread": "Spread out in bulk",
  "bulk.delete": "Deleted in bulk",
  "bulk.abort": "Aborted bulk job",
  "bulk.undo": "Undid bulk job",
  "execution.replay": "Replayed execution",
  "execution.reveal": "Revealed payload of execution",
  "dead_letters.replay": "Replayed dead letters",
  "dead_letters.discard": "Discarded dead letters",
  "quarantine.retry": "Retried quarantined item",
  "quarantine.discard": "Discarded quarantined item",
  "quarantine.reveal": "Revealed quarantined item",
  "refused_message.reveal": "Revealed refused messages",
  "breaker.open": "Circuit breaker opened",
  "breaker.close": "Circuit breaker closed",
  "breaker.reset": "Closed circuit breaker now",
  "settings.change": "Changed settings",
  "topic_schema.delete": "Removed payload schema",
  "topic_schema.save": "Saved payload schema",
  "topic_protection.delete": "Removed payload protection",
  "topic_protection.save": "Saved payload protection",
  "saved_view.delete": "Deleted shared view",
  "saved_view.save": "Saved shared view",
  "retention.change": "Changed retention",
  "call.read": "Refused read",
  "call.change": "Refused change",
  "audit.checkpoint": "Stored checkpoint of the audit trail",
  "audit.reveal": "Revealed audit entries",
  "system.sync": "Ran promotion",
  "system.cleanup": "Ran cleanup",
  "system.encrypt": "Encrypted payloads again",
  "system.pause_all": "Paused all firing",
  "system.resume_all": "Resumed all firing",
  "session.open": "Signed in",
  "session.close": "Signed out",
  "session.revoke": "Ended sessions",
  "user.create": "Created user",
  "user.invite": "Invited user",
  "user.link": "Changed password link",
  "user.update": "Edited user",
  "user.password": "Changed password",
  "user.passkey": "Changed passkeys",
  "user.second_factor": "Changed second factor",
  "user.delete": "Deleted user",
  "api_key.create": "Created API key",
  "api_key.rotate": "Rotated API key",
  "api_key.revoke": "Revoked API key",
  "role.save": "Saved role",
  "role.delete": "Deleted role",
  "namespace.save": "Saved namespace",
  "namespace.delete": "Deleted namespace",
  "service_account.save": "Saved service account",
  "service_account.delete": "Deleted service account",
};

/** The label of a verb. A verb of another release is shown as it is stored. */
export const verbLabel = (verb: string) => VERB_LABELS[verb as AuditVerb] ?? verb;

/** The label of an entry's action, in the plural if one call changed several schedules. */
export const actionLabel = ({ verb, targetCount }: Pick<AuditRow, "verb" | "targetCount">) =>
  targetCount > 1 && verb.startsWith("schedule.") ? verbLabel(verb).replace("schedule", "schedules") : verbLabel(verb);

export const RESULT_LABELS: Record<(typeof AUDIT_RESULTS)[number], string> = {
  succeeded: "Succeeded",
  refused: "Refused",
};

const VIA_LABELS: Readonly<Record<string, string>> = {
  session: "Dashboard",
  api_key: "API key",
  mcp: "Assistant",
  code: "Code",
  system: "System",
  kafka_delayed: "Delayed message",
  anonymous: "Not signed in",
};

/** The values of `via` whose actor is a part of the product. */
const PARTS: ReadonlySet<string> = new Set(["system", "kafka_delayed"]);

/** Who made a change: a user or a key by name, or a part of the product. */
export function actorName({ actor, via }: Pick<AuditRow, "actor" | "via">): string {
  return PARTS.has(via) ? toSentenceCase(actor) : shownActor(actor);
}

/**
 * Where a change came from: the interface, and the program and the address if they are known. Null for a change without
 * an address that a part of the product made, because the actor already shows where it came from.
 */
export function originOf(entry: Pick<AuditRow, "via" | "client" | "address">): string | null {
  const { via, client, address } = entry;
  if (address === null && PARTS.has(via)) return null;
  const label = VIA_LABELS[via] ?? via;
  const interfaceLabel = client === null ? label : `${label} (${client})`;
  return address === null ? interfaceLabel : `${interfaceLabel}, ${address}`;
}
