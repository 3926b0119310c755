export { getTestClock, MoveTestClockInput, mayReadTestClock, moveTestClock } from "./move";
