import { getTestClock, MoveTestClockInput, moveTestClock } from "~/server/services/test-clock";
import { methods, NoInput, type RouteMethods, restRoute } from "../handler";

/** `/api/v1/test/clock`, which answers only in an installation that was started with `--virtual-clock`. */
export const testClock = methods({
  GET: restRoute({
    right: "schedules:read",
    input: NoInput,
    run: async (call) => ({ body: await getTestClock(call) }),
  }),
  POST: restRoute({
    right: "system:operate",
    noScope: true,
    input: MoveTestClockInput,
    run: async (call) => ({ body: await moveTestClock(call) }),
  }),
});

/** The routes that only an installation for tests has. */
export const TEST_ROUTES: readonly (readonly [path: string, route: RouteMethods])[] = [
  ["/api/v1/test/clock", testClock],
];
