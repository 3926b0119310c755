export { EncryptAgainInput } from "./inputs";
export { encryptAgain, getPayloadKeys } from "./keys";
