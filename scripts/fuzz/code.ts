import { AppError } from "~/server/domain/errors";
import { eventBus, schedulerService } from "~/server/scheduler-service";
import { camel, type Definition, jsonOf } from "./definitions";
import { type Score, STORE_UNAVAILABLE, StoreUnavailable } from "./score";

const BORDER = "code";
/** Codes of errors that an input must not cause. */
const INSTALLATION_ERRORS = /^(internal|.*_unavailable|query_timeout|request_timeout|may_have_been_kept)$/;

/**
 * The input as parsed JSON, possibly with a value that JSON cannot represent. Null if the input is not JSON.
 */
function valueForCode(input: Definition): Record<string, unknown> | null {
  try {
    const value = JSON.parse(jsonOf(input, camel)) as Record<string, unknown>;
    const [name, foreign] = input.foreign ?? [];
    return name === undefined ? value : { ...value, [name]: foreign };
  } catch {
    return null;
  }
}

function requestOf(input: Definition, value: Record<string, unknown>): unknown {
  const { executionTime, topic, entityType, action, payload, body, ...rest } = value;
  // Some calls pass a foreign value, or undefined, instead of a request.
  if (input.call < 20) return input.foreign?.[1];
  // An anonymous event has `scheduledAt` instead of `executionTime`, and no cron.
  if (input.call < 500) {
    const scheduledAt =
      typeof executionTime === "string" && input.scheduleDraw % 2
        ? new Date(executionTime)
        : (executionTime ?? inFiveSeconds());
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

const inFiveSeconds = () => new Date(Date.now() + 5000);

/** Calls `schedulerService`, or occasionally the event bus. */
export async function throughCode(score: Score, input: Definition): Promise<void> {
  const value = valueForCode(input);
  const count = score.countsOf(BORDER);
  try {
    if (value === null) {
      // There is no request, so this call cancels an event.
      await schedulerService.cancelEvent(input.id);
    } else {
      const request = requestOf(input, value) as never;
      if (input.call >= 960) await eventBus.publish(request);
      else {
        const scheduleId = await schedulerService.scheduleEvent(request);
        score.addCreated(BORDER, {
          scheduleId,
          recurring: typeof value.cronExpression === "string" && input.call >= 500,
        });
      }
    }
    count.accepted += 1;
  } catch (error) {
    if (error instanceof AppError && STORE_UNAVAILABLE.test(error.code)) throw new StoreUnavailable(error.message);
    count.refused += 1;
    if (error instanceof AppError && !INSTALLATION_ERRORS.test(error.code)) return;
    const foreign = input.foreign ? ` with ${input.foreign[0]} = ${describeValue(input.foreign[1])}` : "";
    score.addBreach(
      `${BORDER}: ${String(error)} ${error instanceof Error ? (error.stack?.split("\n")[1] ?? "") : ""} to call ${input.call} ${jsonOf(input, camel)}${foreign}`,
    );
  }
}

function describeValue(value: unknown): string {
  try {
    return `${Object.prototype.toString.call(value)} ${JSON.stringify(value)}`.slice(0, 200);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
