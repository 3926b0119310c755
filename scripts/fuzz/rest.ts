import { z } from "zod";
import { adminAlias } from "~/server/rest/routes/admin-table";
import { bytesOf, type Definition, jsonOf } from "./definitions";
import { FUZZ_KEY } from "./key";
import { type Score, STORE_UNAVAILABLE, StoreUnavailable } from "./score";

const BORDER = "rest";
type Method = keyof typeof adminAlias;

const Created = z.object({ schedule_id: z.string(), cron_expression: z.string().nullable() });
const Problem = z.object({ code: z.string() });
const Batch = z.object({ items: z.array(z.looseObject({ schedule_id: z.string().optional() })) });

interface Call {
  method: Method;
  path: string[];
  query?: string;
  body?: Uint8Array<ArrayBuffer>;
}

/** Most calls create a schedule. Most of the others use the existing schedule `target`. */
function callOf(input: Definition, target: string | undefined): Call {
  const text = jsonOf(input);
  const body = bytesOf(text, input.damage);
  const { call } = input;
  // Mostly the id of `target`, in lower or upper case, otherwise the id of the input.
  const id = target === undefined || call % 7 === 0 ? input.id : call % 2 ? target.toUpperCase() : target;
  const query = () =>
    `?${input.members.map(([name, json]) => `${name}=${encodeURIComponent(json.replace(/^"|"$/g, "").replace(/\p{Cs}/gu, ""))}`).join("&")}`;
  if (call < 600) return { method: "POST", path: ["schedules"], body };
  if (call < 680)
    return {
      method: "POST",
      path: ["schedules", "batch"],
      body: bytesOf(`{"items":[${text},{"entity_type":1},${text}]}`, input.damage),
    };
  if (call < 740) return { method: "POST", path: ["schedules", "preview"], body };
  if (call < 800) return { method: "PATCH", path: ["schedules", id], body };
  if (call < 840) return { method: "PUT", path: ["schedules", id], body };
  if (call < 890) return { method: "GET", path: ["schedules"], query: query().slice(0, 6000) };
  if (call < 920) return { method: "GET", path: ["schedules", id] };
  if (call < 940) return { method: "POST", path: ["schedules", id, "toggle"], body };
  if (call < 955) return { method: "POST", path: ["schedules", id, "execute"] };
  if (call < 970) return { method: "GET", path: ["schedules", id, "occurrences"], query: "?limit=3" };
  if (call < 985) return { method: "GET", path: ["executions"], query: query().slice(0, 6000) };
  return { method: "DELETE", path: ["schedules", id] };
}

/** Makes a REST call in this process. */
export async function ask(call: Call): Promise<{ status: number; json: unknown }> {
  const parts = call.path.map(asPart);
  const url = `http://fuzz.example/admin/${parts.join("/")}${call.query ?? ""}`;
  const headers = { authorization: `Bearer ${FUZZ_KEY}`, "content-type": "application/json" };
  const request = new Request(url, { method: call.method, body: call.body, headers });
  const response = await adminAlias[call.method](request, {
    params: Promise.resolve({ path: parts.map(decodeURIComponent) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === "" ? null : JSON.parse(text) };
}

/** A part of a URL. Its bytes are UTF-8, so they cannot encode an unpaired surrogate. */
const asPart = (part: string) => encodeURIComponent(part.replace(/\p{Cs}/gu, "?"));

/** Sends one input and records its result. */
export async function throughRest(score: Score, input: Definition): Promise<void> {
  const count = score.countsOf(BORDER);
  const target = score.liveRecurring[input.scheduleDraw % Math.max(1, score.liveRecurring.length)];
  const call = callOf(input, target);
  const changes = call.method !== "GET" && call.path.length > 1 && call.path[1]?.toLowerCase() === target;
  if (changes && target) score.changed.add(target);
  const { status, json } = await ask(call);
  if (status === 503 && STORE_UNAVAILABLE.test(Problem.parse(json).code))
    throw new StoreUnavailable(JSON.stringify(json));
  if (status >= 500) {
    score.addBreach(
      `${BORDER}: ${status} ${JSON.stringify(json).slice(0, 250)} to ${call.method} ${call.path.join("/")} ${jsonOf(input)}`,
    );
  }
  if (status >= 400) count.refused += 1;
  else count.accepted += 1;
  if (status === 201) recordCreated(score, Created.parse(json));
  if (status === 207) {
    const recurring = input.members.some(([name]) => name === "cron_expression");
    for (const { schedule_id } of Batch.parse(json).items) {
      if (schedule_id) score.addCreated(BORDER, { scheduleId: schedule_id, recurring });
    }
  }
  if (call.method === "DELETE" && status < 300 && target) score.addDeleted(target);
}

function recordCreated(score: Score, created: z.infer<typeof Created>): void {
  score.addCreated(BORDER, { scheduleId: created.schedule_id, recurring: created.cron_expression !== null });
}
