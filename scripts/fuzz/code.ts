import { AppError } from "~/server/domain/errors";
import { eventBus, schedulerService } from "~/server/scheduler-service";
import { camel, type Definition, jsonOf } from "./definitions";
import { NOT_NOW, NotNow, type Score } from "./score";

const BORDER = "code";
/** Nobody's input may be told as a fault of the installation. */
const OF_THE_HOUSE = /^(internal|.*_unavailable|query_timeout|request_timeout|may_have_been_kept)$/;

/** Values as code would give them: parsed, or what no JSON can be. */
function given(input: Definition): Record<string, unknown> | null {
  try {
    const value = JSON.parse(jsonOf(input, camel)) as Record<string, unknown>;
    const [name, foreign] = input.foreign ?? [];
    return name === undefined ? value : { ...value, [name]: foreign };
  } catch {
    // No JSON: code has no such value.
    return null;
  }
}

function requestOf(input: Definition, value: Record<string, unknown>): unknown {
  const { executionTime, topic, entityType, action, payload, body, ...rest } = value;
  if (input.call < 20) return input.foreign?.[1];
  if (input.call < 500) {
    const scheduledAt =
      typeof executionTime === "string" && input.of % 2 ? new Date(executionTime) : (executionTime ?? soon());
    const { cronExpression: _, ...anonymous } = rest;
    return {
      scheduledAt,
      topic: topic ?? "fuzz.code",
      entityType,
      action: action ?? "fire",
      payload,
      body,
      ...anonymous,
    };
  }
  return { ...rest, executionTime, event: { topic, entityType, action: action ?? "fire" }, payload: payload ?? {} };
}

const soon = () => new Date(Date.now() + 5000);

/** One call of `schedulerService`, or now and then of the event bus. */
export async function throughCode(score: Score, input: Definition): Promise<void> {
  const value = given(input);
  const count = score.count(BORDER);
  try {
    if (value === null) {
      await schedulerService.cancelEvent(input.id);
    } else {
      const request = requestOf(input, value) as never;
      if (input.call >= 960) await eventBus.publish(request);
      else {
        const scheduleId = await schedulerService.scheduleEvent(request);
        score.created(BORDER, { scheduleId, recurring: typeof value.cronExpression === "string" && input.call >= 500 });
      }
    }
    count.accepted += 1;
  } catch (error) {
    if (error instanceof AppError && NOT_NOW.test(error.code)) throw new NotNow(error.message);
    count.refused += 1;
    if (error instanceof AppError && !OF_THE_HOUSE.test(error.code)) return;
    const foreign = input.foreign ? ` with ${input.foreign[0]} = ${printed(input.foreign[1])}` : "";
    score.breach(
      `${BORDER}: ${String(error)} ${error instanceof Error ? (error.stack?.split("\n")[1] ?? "") : ""} to call ${input.call} ${jsonOf(input, camel)}${foreign}`,
    );
  }
}

function printed(value: unknown): string {
  try {
    return `${Object.prototype.toString.call(value)} ${JSON.stringify(value)}`.slice(0, 200);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
