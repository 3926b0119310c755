import { fieldError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import type { PublishFault } from "./types";

/** The error of a failed attempt. */
export type Failure = Required<Pick<PublishFault, "error_class" | "message">>;

/** The faults that a test has added to the bus. */
export function createFaults() {
  const faults: { fault: PublishFault; left: number }[] = [];
  return {
    /** Adds a fault, and returns a function that removes it. */
    add(fault: PublishFault): () => void {
      const { times = Infinity } = fault;
      if (times !== Infinity && (!Number.isInteger(times) || times < 1)) {
        const message = `must be a whole number from 1, got ${times}`;
        throw fieldError("validation_failed", { field: "times", message });
      }
      const added = { fault, left: times };
      faults.push(added);
      return () => {
        added.left = 0;
      };
    },
    /** The failure of the next attempt; null if it succeeds. */
    next({ topic, name }: Pick<Schedule, "topic" | "name">): Failure | null {
      const found = faults.find(
        ({ fault, left }) =>
          left > 0 && (fault.topic ?? topic) === topic && (fault.name === undefined || fault.name === name),
      );
      if (found === undefined) return null;
      found.left -= 1;
      const { error_class = "publish", message = "The test makes publishing fail." } = found.fault;
      return { error_class, message };
    },
  };
}
