import { auditReceivers } from "~/server/audit-receivers";
import { closeContainer, openContainer } from "~/server/container";
import { EnvError, env } from "~/server/env";
import { StartFault } from "~/server/start-fault";
import { startWorker } from "./worker";

const SHUTDOWN_MS = 25_000;

async function main(): Promise<void> {
  const { WORKER_PORT, HOST } = env();
  const receivers = auditReceivers(env());
  const container = await openContainer("worker");
  const { deps } = container;
  const worker = await startWorker({
    deps,
    port: WORKER_PORT,
    host: HOST,
    clockSkewMs: container.clockSkewMs,
    auditReceivers: receivers,
  });
  deps.log.info({ workerId: worker.workerId, url: worker.url }, "worker started");

  let ending = false;
  const end = async (signal: string) => {
    if (ending) return;
    ending = true;
    deps.log.info({ signal }, "worker stopping");
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    await worker.stop();
    await closeContainer();
    process.exit(0);
  };
  process.on("SIGTERM", () => void end("SIGTERM"));
  process.on("SIGINT", () => void end("SIGINT"));
}

main().catch((error) => {
  // The logger may not exist yet.
  process.stderr.write(
    `${error instanceof EnvError || error instanceof StartFault ? error.message : ((error as Error).stack ?? error)}\n`,
  );
  process.exit(1);
});
