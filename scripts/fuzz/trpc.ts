import { z } from "zod";
import { handleTrpc } from "~/server/trpc/handler";
import { bytesOf, camel, type Definition, jsonOf } from "./definitions";
import { FUZZ_KEY } from "./key";
import { type Score, STORE_UNAVAILABLE, StoreUnavailable } from "./score";

const BORDER = "trpc";
const Created = z.object({
  result: z.object({
    data: z.object({ schedule: z.object({ scheduleId: z.string(), cronExpression: z.string().nullable() }) }),
  }),
});

const CreatedMany = z.object({
  result: z.object({ data: z.object({ items: z.array(z.looseObject({ scheduleId: z.string().optional() })) }) }),
});

interface Call {
  procedure: string;
  kind: "query" | "mutation";
  json: string;
}

/** Most calls create a schedule. Most of the others use the existing schedule `target`. */
function callOf(input: Definition, target: string | undefined): Call {
  const definition = jsonOf(input, camel);
  const { call } = input;
  // Mostly the id of `target`, in lower or upper case, otherwise the id of the input.
  const id = JSON.stringify(
    target === undefined || call % 7 === 0 ? input.id : call % 2 ? target.toUpperCase() : target,
  );
  const mutation = (procedure: string, json: string): Call => ({ procedure, json, kind: "mutation" });
  const query = (procedure: string, json: string): Call => ({ procedure, json, kind: "query" });
  const definitionWithId = definition.replace(/}$/, `,"scheduleId":${id}}`);
  if (call < 650) return mutation("schedules.create", definition);
  if (call < 700) return mutation("schedules.createMany", `{"items":[${definition},null]}`);
  if (call < 760) return mutation("schedules.patch", `{"scheduleId":${id},"patch":${definition}}`);
  if (call < 800) return mutation("schedules.replace", `{"scheduleId":${id},"replace":${definition}}`);
  if (call < 850) return query("schedules.preview", definition);
  if (call < 890) return query("schedules.list", definition);
  if (call < 920) return query("schedules.get", `{"scheduleId":${id}}`);
  if (call < 940) return query("schedules.occurrences", definitionWithId);
  if (call < 960) return mutation("schedules.toggle", definitionWithId);
  if (call < 975) return mutation("schedules.execute", `{"scheduleId":${id}}`);
  return mutation("schedules.delete", `{"scheduleId":${id}}`);
}

/** Sends one input and records its result. */
export async function throughTrpc(score: Score, input: Definition): Promise<void> {
  const count = score.countsOf(BORDER);
  const target = score.liveRecurring[input.scheduleDraw % Math.max(1, score.liveRecurring.length)];
  const call = callOf(input, target);
  if (call.kind === "mutation" && target && call.json.toLowerCase().includes(target)) score.changed.add(target);
  const response = await handleTrpc(requestOf(call, input.damage));
  const text = await response.text();
  if (response.status === 503 && STORE_UNAVAILABLE.test(/"appError":\{"code":"(\w+)"/.exec(text)?.[1] ?? ""))
    throw new StoreUnavailable(text);
  if (response.status >= 500)
    score.addBreach(`${BORDER}: ${response.status} ${text.slice(0, 250)} to ${call.procedure} ${call.json}`);
  if (response.status >= 400) {
    count.refused += 1;
    return;
  }
  count.accepted += 1;
  if (call.procedure === "schedules.create") {
    const { scheduleId, cronExpression } = Created.parse(JSON.parse(text)).result.data.schedule;
    score.addCreated(BORDER, { scheduleId, recurring: cronExpression !== null });
  }
  if (call.procedure === "schedules.createMany") {
    const recurring = input.members.some(([name]) => name === "cron_expression");
    for (const { scheduleId } of CreatedMany.parse(JSON.parse(text)).result.data.items) {
      if (scheduleId) score.addCreated(BORDER, { scheduleId, recurring });
    }
  }
  if (call.procedure === "schedules.delete" && target) score.addDeleted(target);
}

function requestOf({ procedure, kind, json }: Call, damage: Definition["damage"]): Request {
  const url = `http://fuzz.example/api/trpc/${procedure}`;
  const authorization = `Bearer ${FUZZ_KEY}`;
  if (kind === "query")
    return new Request(`${url}?input=${encodeURIComponent(json).slice(0, 12_000)}`, { headers: { authorization } });
  const body = bytesOf(json, damage);
  const headers = { authorization, "content-type": "application/json", "content-length": String(body.byteLength) };
  return new Request(url, { method: "POST", body, headers });
}
