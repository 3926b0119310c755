import { AUDIT_VERBS, type AuditVerb } from "./verbs";

/** The verb of a call whose name and input do not determine one, such as a refused call whose body was not read. */
const ANY_CHANGE: AuditVerb = "call.change";

type Fields = Readonly<Record<string, unknown>>;

/** The verb whose second part is a field of the input, such as `bulk.pause` for the action `pause`. */
const named =
  (group: string, field: string) =>
  (input: Fields): AuditVerb => {
    const value = input[field];
    // Only strings are converted: a refused input may have any value here, such as deeply nested lists.
    const name = typeof value === "string" ? `${group}.${value}` : null;
    return AUDIT_VERBS.find((verb) => verb === name) ?? ANY_CHANGE;
  };

function toggled({ enabled }: Fields): AuditVerb {
  if (typeof enabled !== "boolean") return ANY_CHANGE;
  return enabled ? "schedule.resume" : "schedule.pause";
}

const bulk = named("bulk", "action");
const deadLetters = named("dead_letters", "decision");
const quarantine = named("quarantine", "decision");

/** The verb of each call that changes something or tries a change: tRPC, REST, tools, sign-in, and calls by code. */
export const CALL_VERBS: Readonly<Record<string, AuditVerb | ((input: Fields) => AuditVerb)>> = {
  "access.changePassword": "user.password",
  "access.inviteUser": "user.invite",
  "access.issueLink": "user.link",
  "access.revokeLink": "user.link",
  "access.startPasskey": "user.passkey",
  "access.addPasskey": "user.passkey",
  "access.renamePasskey": "user.passkey",
  "access.removePasskey": "user.passkey",
  "access.startSecondFactor": "user.second_factor",
  "access.stopSecondFactor": "user.second_factor",
  "access.newRecoveryCodes": "user.second_factor",
  "access.resetSecondFactor": "user.second_factor",
  "access.revokeSession": "session.revoke",
  "access.createUser": "user.create",
  "access.updateUser": "user.update",
  "access.deleteUser": "user.delete",
  "access.createApiKey": "api_key.create",
  "access.revokeApiKey": "api_key.revoke",
  "access.rotateApiKey": "api_key.rotate",
  "access.saveRole": "role.save",
  "access.deleteRole": "role.delete",
  "access.saveNamespace": "namespace.save",
  "access.deleteNamespace": "namespace.delete",
  "access.saveServiceAccount": "service_account.save",
  "access.deleteServiceAccount": "service_account.delete",
  "bulk.start": bulk,
  "bulk.abort": "bulk.abort",
  "bulk.undo": "bulk.undo",
  "deadLetters.decide": deadLetters,
  "executions.replay": "execution.replay",
  "monitoring.resetBreaker": "breaker.reset",
  "monitoring.sync": "system.sync",
  "monitoring.cleanup": "system.cleanup",
  "pauseAll.pause": "system.pause_all",
  "pauseAll.resume": "system.resume_all",
  "quarantine.decide": quarantine,
  "schedules.create": "schedule.create",
  "schedules.createMany": "schedule.create",
  "schedules.patch": "schedule.edit",
  "schedules.replace": "schedule.edit",
  "schedules.restore": "schedule.edit",
  "schedules.delete": "schedule.delete",
  "schedules.toggle": toggled,
  "schedules.execute": "schedule.execute",
  "settings.save": "settings.change",
  "settings.reset": "settings.change",
  "topicSchemas.save": "topic_schema.save",
  "topicSchemas.delete": "topic_schema.delete",
  "topicSchemas.try": "topic_schema.save",
  "protection.save": "topic_protection.save",
  "protection.delete": "topic_protection.delete",
  "protection.try": "topic_protection.save",
  "protection.encryptAgain": "system.encrypt",
  // Only reads, with a payload that is too large for a query.
  "topicSchemas.check": "call.read",
  "views.save": "saved_view.save",
  "views.delete": "saved_view.delete",
  "POST schedules": "schedule.create",
  "POST schedules/batch": "schedule.create",
  "POST schedules/documents/apply": "schedule.edit",
  "POST users": "user.invite",
  "PATCH users/{id}": "user.update",
  "DELETE users/{id}": "user.delete",
  "POST users/{id}/link": "user.link",
  "DELETE users/{id}/link": "user.link",
  "DELETE users/{id}/second-factor": "user.second_factor",
  "PATCH settings": "settings.change",
  "POST schedules/bulk": bulk,
  "POST schedules/bulk/{id}/abort": "bulk.abort",
  "POST schedules/bulk/{id}/undo": "bulk.undo",
  "PUT schedules/{id}": "schedule.edit",
  "PATCH schedules/{id}": "schedule.edit",
  "DELETE schedules/{id}": "schedule.delete",
  "POST schedules/{id}/execute": "schedule.execute",
  "POST schedules/{id}/toggle": toggled,
  "POST schedules/{id}/restore": "schedule.edit",
  "POST api-keys": "api_key.create",
  "DELETE api-keys/{id}": "api_key.revoke",
  "POST api-keys/{id}/rotate": "api_key.rotate",
  "POST dead-letters/decide": deadLetters,
  "POST quarantine/{id}/decide": quarantine,
  "POST system/pause-all": "system.pause_all",
  "POST system/payload-keys": "system.encrypt",
  "POST system/resume-all": "system.resume_all",
  "PUT topics/{topic}/schema": "topic_schema.save",
  "DELETE topics/{topic}/schema": "topic_schema.delete",
  "PUT topics/{topic}/protection": "topic_protection.save",
  "DELETE topics/{topic}/protection": "topic_protection.delete",
  "POST executions/{id}/replay": "execution.replay",
  "POST monitoring/breakers/reset": "breaker.reset",
  "POST monitoring/sync": "system.sync",
  "POST monitoring/cleanup": "system.cleanup",
  "mcp.create_schedule": "schedule.create",
  "mcp.pause_schedule": "schedule.pause",
  "mcp.resume_schedule": "schedule.resume",
  "mcp.run_schedule_now": "schedule.execute",
  "mcp.replay_execution": "execution.replay",
  "auth.sign-in": "session.open",
  "auth.provider": "session.open",
  "auth.use-link": "user.password",
  "auth.passkey": "session.open",
  "auth.second-factor": "session.open",
  "auth.confirm-second-factor": "user.second_factor",
  "auth.setup": "user.create",
  "code.scheduleEvent": "schedule.create",
  "code.cancelEvent": "schedule.delete",
};

/** The verb of a call, from the name and the known input. */
export function verbOfCall(call: string, input: Fields): AuditVerb {
  const verb = CALL_VERBS[call] ?? ANY_CHANGE;
  return typeof verb === "function" ? verb(input) : verb;
}

/** The fields of inputs that identify the object of a call. */
const TARGET_FIELDS = ["scheduleId", "executionId", "jobId", "userId", "keyId", "viewId", "sessionId", "id"] as const;
const NAME_FIELDS = ["name", "email", "topic"] as const;
/** Ids and names that an audit entry takes from the input of a refused call are cut to this number of characters. */
const MAX_CHARS = 200;

/** The object of a refused call, if the input identifies it; otherwise the call. */
export function targetOfCall(call: string, input: Fields): string {
  const found = [...TARGET_FIELDS, ...NAME_FIELDS].map((name) => input[name]).find(isText);
  return found === undefined ? call : wellFormed(found.slice(0, MAX_CHARS));
}

/** Replaces unpaired surrogates, which ClickHouse refuses. A refused input or a cut text may have some. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, "\ufffd");

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
