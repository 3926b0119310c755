import { afterEach, expect, it, vi } from "vitest";
import createTemplate from "./test-database";

afterEach(() => void vi.unstubAllEnvs());

it("a template that exists is neither created again nor dropped", async () => {
  // Every call to this ClickHouse would fail.
  vi.stubEnv("TEST_CLICKHOUSE_URL", "http://127.0.0.1:1");
  vi.stubEnv("TEST_CLICKHOUSE_TEMPLATE", "of_a_parent");
  const drop = await createTemplate();
  await drop();
  expect(process.env.TEST_CLICKHOUSE_TEMPLATE).toBe("of_a_parent");
});
