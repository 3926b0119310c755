import type { HotAnswers } from "~/server/ports/hot/answers";
import type { HotRedis } from "./hot-redis";
import { textOf } from "./hot-redis";
import { answerBeginScript, answerEndScript } from "./script/scripts";

/** By the first character of the reply of answer_begin.lua. */
const STATUS = { "+": "claimed", "!": "taken_over", "=": "known" } as const;

/** Answers to idempotency keys. `put` and `enqueueOnce` can store an answer together with their change. */
export function createAnswers(hot: HotRedis): HotAnswers {
  return {
    read: ({ shard, name }) => hot.ask(hot.redis.get(hot.keys.answer(shard, name))),

    async begin({ shard, name, fingerprint, body, lockMs, ttlMs }) {
      const args = { fingerprint, body, lockMs, answerMs: ttlMs };
      const reply = textOf((await hot.run(answerBeginScript, { shard, args, answer: name })) as string);
      return { status: STATUS[reply.charAt(0) as keyof typeof STATUS], value: reply.slice(1) };
    },

    async end({ shard, name, expected, value, ttlMs }) {
      const args = { expected, answer: value ?? "", answerMs: ttlMs };
      return (await hot.run(answerEndScript, { shard, args, answer: name })) === 1;
    },
  };
}
