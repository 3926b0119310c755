export { getTestClock, MoveTestClockInput, moveTestClock } from "./move";
