import { randomUUID } from "node:crypto";
import { AppError } from "~/server/domain/errors";
import { schedulerService } from "~/server/scheduler-service";
import type { BusSide } from "./bus-log";
import type { Oracle } from "./oracle";
import type { Random } from "./random";

/** A message of the delayed topic that must become a dead letter, and the expected reason code. */
export interface BadMessage {
  /** A header that identifies the message among the dead letters. */
  name: string;
  headers: Record<string, string>;
  value: Buffer;
}

const GOOD = Buffer.from('{"event_id":"1","payload":{}}');
const soon = () => ({ original_topic: "faults.delayed", delivery_time: String(Date.now() + 2000) });
const MESSAGES: [code: string, headers: () => Record<string, string>, value: Buffer][] = [
  ["original_topic_missing", () => ({ delivery_time: soon().delivery_time }), GOOD],
  ["original_topic_invalid", () => ({ ...soon(), original_topic: "a b" }), GOOD],
  ["delivery_time_missing", () => ({ original_topic: "faults.delayed" }), GOOD],
  ["delivery_time_invalid", () => ({ ...soon(), delivery_time: "soon" }), GOOD],
  ["delivery_time_invalid", () => ({ ...soon(), delivery_time: "-5" }), GOOD],
  ["delay_too_long", () => ({ ...soon(), delivery_time: "9999-12-31T23:59:59Z" }), GOOD],
  ["priority_invalid", () => ({ ...soon(), priority: "99" }), GOOD],
  ["max_delay_invalid", () => ({ ...soon(), max_delay_seconds: "0" }), GOOD],
  ["value_not_utf8", soon, Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ["value_not_json", soon, Buffer.from("{")],
  ["event_invalid", soon, Buffer.from('{"entity":{"type":{}}}')],
];

const EVENT = {
  topic: "faults.a",
  entityType: "faults",
  action: "bad",
  scheduledAt: () => new Date(Date.now() + 5000),
};
const CREATES: [code: string, more: object][] = [
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

/** Sends inputs that must be refused or dead-lettered while faults are injected, and checks the results. */
export class BadInputs {
  sent = 0;
  readonly wrong: string[] = [];
  private readonly messages = new Map<string, { code: string; ackMs: number }>();

  constructor(private readonly deps: { bus: BusSide; oracle: Oracle; random: Random }) {}

  /** Sends one bad input. Its correct result does not depend on the stores. */
  async send(): Promise<void> {
    this.sent += 1;
    const { random } = this.deps;
    if (random.next() < 0.5) await this.create(...random.pick(CREATES));
    else await this.message(...random.pick(MESSAGES));
  }

  private async create(code: string, more: object): Promise<void> {
    const request = { ...EVENT, scheduledAt: EVENT.scheduledAt(), ...more };
    const answer = await schedulerService.scheduleEvent(request as never).catch((error: unknown) => error);
    const found = answer instanceof AppError ? answer.code : String(answer);
    if (found !== code) this.wrong.push(`${Object.keys(more).join()} must be refused with ${code}, got ${found}`);
  }

  private async message(code: string, headers: () => Record<string, string>, value: Buffer): Promise<void> {
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

  /** Finds each message in the dead-letter topic; to be called after everything has settled. */
  async check(): Promise<void> {
    const found = await this.deps.bus.deadLetters();
    for (const [name, { code, ackMs }] of this.messages) {
      const dead = found.get(name);
      if (dead === code || (dead === undefined && this.deps.oracle.forgivable(ackMs))) continue;
      this.wrong.push(`a message must be dead-lettered with ${code}, got ${dead ?? "no dead letter"}`);
    }
  }
}
