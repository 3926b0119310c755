export { DecideInput, RefusedInput } from "./inputs";
export { refusedMessages } from "./refused";
export { decideDeadLetters, previewDeadLetters } from "./start";
