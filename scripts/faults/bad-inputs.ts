import { randomUUID } from "node:crypto";
import { AppError } from "~/server/domain/errors";
import { schedulerService } from "~/server/scheduler-service";
import type { BusSide } from "./bus-log";
import type { Oracle } from "./oracle";
import type { Random } from "./random";

const VALID_VALUE = Buffer.from('{"event_id":"1","payload":{}}');
const validHeaders = () => ({ original_topic: "faults.delayed", delivery_time: String(Date.now() + 2000) });
/** Messages of the delayed topic, each with the code of the dead letter that it must become. */
const MESSAGES: [code: string, headers: () => Record<string, string>, value: Buffer][] = [
  ["original_topic_missing", () => ({ delivery_time: validHeaders().delivery_time }), VALID_VALUE],
  ["original_topic_invalid", () => ({ ...validHeaders(), original_topic: "a b" }), VALID_VALUE],
  ["delivery_time_missing", () => ({ original_topic: "faults.delayed" }), VALID_VALUE],
  ["delivery_time_invalid", () => ({ ...validHeaders(), delivery_time: "soon" }), VALID_VALUE],
  ["delivery_time_invalid", () => ({ ...validHeaders(), delivery_time: "-5" }), VALID_VALUE],
  ["delay_too_long", () => ({ ...validHeaders(), delivery_time: "9999-12-31T23:59:59Z" }), VALID_VALUE],
  ["priority_invalid", () => ({ ...validHeaders(), priority: "99" }), VALID_VALUE],
  ["max_delay_invalid", () => ({ ...validHeaders(), max_delay_seconds: "0" }), VALID_VALUE],
  ["value_not_utf8", validHeaders, Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ["value_not_json", validHeaders, Buffer.from("{")],
  ["event_invalid", validHeaders, Buffer.from('{"entity":{"type":{}}}')],
];

const EVENT = {
  topic: "faults.a",
  entityType: "faults",
  action: "bad",
  scheduledAt: () => new Date(Date.now() + 5000),
};
/** Fields that make a create invalid, each with the error code of the refusal. */
const CREATES: [code: string, invalid: object][] = [
  ["validation_failed", { correlationId: "a\ud800" }],
  ["validation_failed", { name: "a\0b" }],
  ["validation_failed", { headers: { "x-own": "a\r\nb" } }],
  ["validation_failed", { priority: 1e9 }],
  ["validation_failed", { scheduledAt: "0001-01-01T00:00:00Z" }],
  ["validation_failed", { scheduledAt: new Date(Number.NaN) }],
  ["validation_failed", { unknown: 1 }],
  ["validation_failed", { body: "{" }],
  ["payload_too_large", { body: `{"large":"${"x".repeat(1_100_000)}"}` }],
  ["timezone_unknown", { timezone: "Mars/Olympus" }],
  ["execution_time_past", { scheduledAt: "2001-01-01T00:00:00Z" }],
];

/** Sends inputs that must be refused or dead-lettered, and checks the results. */
export class BadInputs {
  sent = 0;
  /** Descriptions of unexpected results. */
  readonly wrong: string[] = [];
  private readonly messages = new Map<string, { code: string; ackMs: number }>();

  constructor(private readonly deps: { bus: BusSide; oracle: Oracle; random: Random }) {}

  /** Sends one bad input. Its refusal does not depend on the stores. */
  async send(): Promise<void> {
    this.sent += 1;
    const { random } = this.deps;
    if (random.next() < 0.5) await this.sendCreate(...random.pick(CREATES));
    else await this.sendMessage(...random.pick(MESSAGES));
  }

  private async sendCreate(code: string, invalid: object): Promise<void> {
    const request = { ...EVENT, scheduledAt: EVENT.scheduledAt(), ...invalid };
    const answer = await schedulerService.scheduleEvent(request as never).catch((error: unknown) => error);
    const found = answer instanceof AppError ? answer.code : String(answer);
    if (found !== code) this.wrong.push(`${Object.keys(invalid).join()} must be refused with ${code}, got ${found}`);
  }

  private async sendMessage(code: string, headers: () => Record<string, string>, value: Buffer): Promise<void> {
    const name = randomUUID();
    try {
      await this.deps.bus.sendBad({ name, headers: headers(), value });
    } catch {
      // The bus is down and did not accept the message.
      this.sent -= 1;
      return;
    }
    this.messages.set(name, { code, ackMs: Date.now() });
  }

  /** Checks the dead-letter topic. Call it after all messages are consumed. */
  async check(): Promise<void> {
    const found = await this.deps.bus.deadLetters();
    for (const [name, { code, ackMs }] of this.messages) {
      const dead = found.get(name);
      if (dead === code || (dead === undefined && this.deps.oracle.mayBeLost(ackMs))) continue;
      this.wrong.push(`a message must be dead-lettered with ${code}, got ${dead ?? "no dead letter"}`);
    }
  }
}
