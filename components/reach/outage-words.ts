import { healthWords } from "~/components/system/health-words";
import type { Part } from "./reach-state";

/** The title and the consequence of parts that do not respond. */
export function outageWords(parts: readonly Part[]): { title: string; meaning: string } {
  if (parts.includes("network")) {
    return {
      title: "You are offline",
      meaning: "This browser has no network connection. Nothing on this page is updated until it is back.",
    };
  }
  if (parts.includes("server")) {
    return {
      title: "The server does not respond",
      meaning: "Nothing on this page is updated. The dashboard keeps trying to connect; schedules may still be firing.",
    };
  }
  const meaningOf = (store: "redis" | "clickhouse") => healthWords(`${store}_unreachable`).meaning;
  if (parts.length > 1) return { title: "Redis and ClickHouse do not respond", meaning: meaningOf("redis") };
  return parts.includes("redis")
    ? { title: "Redis does not respond", meaning: meaningOf("redis") }
    : { title: "ClickHouse does not respond", meaning: meaningOf("clickhouse") };
}
