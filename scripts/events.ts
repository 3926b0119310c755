import { createRedis } from "~/server/adapters/redis/connection/client";
import { streamPrefix } from "~/server/adapters/redis/streams/streams-bus";
import { parseEnv } from "~/server/env";
import { redisAccess } from "~/server/redis-access";
import { parseArgumentsOrExit } from "./cli/arguments";
import { eventLine } from "./cli/event-line";
import { readEnvironment, stackLocation } from "./start/environment.mjs";
import { embeddedRedisUrl, WITHOUT_LOGIN } from "./start/services.mjs";

/*
 * `npm run events` prints the events of a topic on Redis Streams, one per line. It does not affect consumer groups.
 */
const USAGE = `Usage: npm run events -- --topic NAME [--count N] [--follow]
  --topic   the topic, such as reports
  --count   how many of the newest events, 10 by default
  --follow  also prints new events until Ctrl-C
Reads from REDIS_URL, or from the Redis that \`npm start\` runs in DATA_DIR. With Kafka, use Kafka's own tools:
  kafka-console-consumer.sh --bootstrap-server HOST:PORT --topic NAME --from-beginning --property print.headers=true`;
const BLOCK_MS = 2000;
/** `parseEnv` requires an address of ClickHouse, but this program uses only Redis. */
const UNUSED_CLICKHOUSE_URL = "http://127.0.0.1";

const values = parseArgumentsOrExit(USAGE, {
  topic: { type: "string" },
  count: { type: "string", default: "10" },
  follow: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
});

type Entry = [id: string, fields: string[]];

function print([id, fields]: Entry): void {
  const event = Object.fromEntries(fields.flatMap((_, i) => (i % 2 === 0 ? [[fields[i], fields[i + 1]]] : [])));
  console.log(eventLine({ id, ...event }));
}

async function main(topic: string, count: number): Promise<void> {
  const root = new URL("..", import.meta.url).pathname;
  const environment: Record<string, string | undefined> = readEnvironment(root);
  const { dataDir } = await stackLocation({ root, environment });
  const embedded = environment.REDIS_URL ? {} : { ...WITHOUT_LOGIN, REDIS_URL: embeddedRedisUrl(dataDir) };
  const env = parseEnv({ CLICKHOUSE_URL: UNUSED_CLICKHOUSE_URL, ...environment, ...embedded });
  const redis = createRedis(redisAccess(env));
  try {
    const stream = `${streamPrefix(env.REDIS_PREFIX)}${topic}`;
    const newest = await redis.xrevrange(stream, "+", "-", "COUNT", count);
    for (const entry of newest.toReversed()) print(entry);
    if (newest.length === 0 && !values.follow) console.error(`No events on ${topic} yet.`);
    let last = newest[0]?.[0] ?? "0-0";
    while (values.follow) {
      const answer = (await redis.xread("COUNT", 100, "BLOCK", BLOCK_MS, "STREAMS", stream, last)) as
        | [string, Entry[]][]
        | null;
      for (const entry of answer?.[0]?.[1] ?? []) {
        print(entry);
        last = entry[0];
      }
    }
  } finally {
    redis.disconnect();
  }
}

const count = Number(values.count);
if (values.help) console.log(USAGE);
else if (!values.topic || !Number.isInteger(count) || count < 1) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  await main(values.topic, count).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
