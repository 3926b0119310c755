import vm from "node:vm";

export class TimeLimitExceeded extends Error {}

const sandbox: { run: () => void } = { run: () => {} };
const context = vm.createContext(sandbox);
const CALL = new vm.Script("run()");

/**
 * Runs synchronous code and interrupts it after `limitMs`, even within a regular expression, because the limit of
 * `node:vm` applies to all code that the script calls. Costs about 0.1 ms.
 * @throws TimeLimitExceeded
 */
export function withinTime<T>(limitMs: number, run: () => T): T {
  let result: { value: T } | null = null;
  sandbox.run = () => {
    result = { value: run() };
  };
  try {
    CALL.runInContext(context, { timeout: limitMs });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new TimeLimitExceeded();
    throw error;
  } finally {
    sandbox.run = () => {};
  }
  return (result as unknown as { value: T }).value;
}
