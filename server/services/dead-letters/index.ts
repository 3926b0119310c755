export { DecideInput, RefusedInput } from "./inputs";
export { type RefusedMessage, refusedMessages } from "./refused";
export { decideDeadLetters, previewDeadLetters } from "./start";
