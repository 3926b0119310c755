import { callErrorOf } from "./app-error";

/** Receives the answers of a call. */
export interface CallObserver<Value, Failure> {
  next: (value: Value) => void;
  error: (error: Failure) => void;
  complete: () => void;
}

interface Sending {
  unsubscribe: () => void;
}

/**
 * Sends a call, and sends it again after the user has signed in again. The call stays pending until then, so the page
 * keeps its data. The server refuses a call without a session before it does anything, so a change cannot happen twice.
 *
 * A refused call is first sent once more, after `changesEnded`: a change of the password or of the second factor
 * replaces the session, and a call on its way at that moment still has the old session. The browser has the new cookie
 * once that change is answered.
 *
 * @param changesEnded resolves when no change is on its way. A refused change is no longer on its way.
 * @param isAnswer false for news of a subscription's connection, which the server also sends before a refusal
 * @param signInAgain resolves to false if the user does not sign in; the call then fails with the server's error
 * @returns the function that ends the call
 */
export function sendUntilSignedIn<Value, Failure>(input: {
  send: (observer: CallObserver<Value, Failure>) => Sending;
  observer: CallObserver<Value, Failure>;
  isAnswer: (value: Value) => boolean;
  signInAgain: () => Promise<boolean>;
  changesEnded: () => Promise<void>;
}): () => void {
  const { observer } = input;
  let isOver = false;
  let wasRepeated = false;
  let sending: Sending | null = null;
  const send = () => {
    sending = input.send({
      next: (value) => {
        if (input.isAnswer(value)) wasRepeated = false;
        observer.next(value);
      },
      complete: () => observer.complete(),
      error: (error) => {
        if (callErrorOf(error)?.code !== "unauthenticated") return observer.error(error);
        if (!wasRepeated) {
          wasRepeated = true;
          void input.changesEnded().then(() => {
            if (!isOver) send();
          });
          return;
        }
        wasRepeated = false;
        void input.signInAgain().then((signedIn) => {
          if (isOver) return;
          if (signedIn) send();
          else observer.error(error);
        });
      },
    });
  };
  send();
  return () => {
    isOver = true;
    sending?.unsubscribe();
  };
}
