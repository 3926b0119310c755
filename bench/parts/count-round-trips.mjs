import { writeFileSync } from "node:fs";
import { Socket } from "node:net";

/*
 * Preloaded into a worker: counts the worker's writes to Redis. Each write is one round trip, because a pipeline is one
 * write. On SIGUSR2, the worker writes the count to a file.
 */
const port = Number(new URL(process.env.REDIS_URL).port);
const write = Socket.prototype.write;
let trips = 0;
Socket.prototype.write = function counted(...args) {
  if (this.remotePort === port) trips += 1;
  return write.apply(this, args);
};
process.on("SIGUSR2", () => writeFileSync(process.env.BENCH_TRIPS_FILE, String(trips)));
