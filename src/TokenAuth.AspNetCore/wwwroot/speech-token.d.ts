/** The options of `createSpeechTokens`. */
export interface SpeechTokensOptions {
  /** The endpoint of MapSpeechToken, for example "/speech-token". */
  url: string | URL;
  /**
   * Sent with each request, for example an Authorization header. The script calls a function before each request. The call and
   * the request together may take 15 seconds. If the function throws a SpeechTokenError, that is the reason; anything else is the cause of one
   * with the code "unexpected".
   */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** As for fetch; "same-origin" unless set. "include" sends cookies to another origin, which must allow it. */
  credentials?: RequestCredentials;
  /** In place of the browser's own fetch. */
  fetch?: typeof globalThis.fetch;
}

/** A token in the shape of the Speech SDK's credential. */
export interface SpeechToken {
  token: string;
  /** When it ends, in milliseconds since 1970 by this machine's clock. */
  expiresOnTimestamp: number;
}

/** What a recognizer, a synthesizer and a SpeechConfig of the Speech SDK have in common. */
export interface HasAuthorizationToken {
  authorizationToken: string;
}

/** Keeps one token at hand. It may be given to the Speech SDK as a credential. */
export interface SpeechTokens {
  /**
   * A token with life left: the one at hand, or a new one, with one request for all who ask at once. While the endpoint fails, the old token
   * is given as long as it lives.
   * @throws SpeechTokenError where no token can be had.
   */
  getToken(): Promise<SpeechToken>;
  /** The resource's region, from the first response on; undefined where the endpoint does not say it. */
  readonly region: Promise<string | undefined>;
  /** The resource's custom domain; undefined where it has none. */
  readonly endpoint: Promise<string | undefined>;
  /**
   * A service refused the token: the next call asks the endpoint anew, with a request that begins after this. The endpoint does not learn of the
   * refusal, and may answer with the same token until the server renews it.
   * @param refused The token; one that is not the token at hand changes nothing. The token at hand unless given.
   */
  invalidate(refused?: string): void;
  /**
   * Forgets all, as at a sign-out: the token, the region, a request that is under way (whoever waits for it gets "notSignedIn"), and what is kept
   * fresh. Close the recognizers yourself: they still have the token.
   */
  clear(): void;
  /**
   * Sets authorizationToken now and after every renewal, until the returned function is called: every 30 seconds, when the tab
   * becomes visible and when the browser comes online it looks whether the token is about to end. The script drops a closed recognizer within
   * 30 seconds, a synthesizer or a configuration only when the returned function is called.
   */
  keepFresh(recognizer: HasAuthorizationToken, options?: KeepFreshOptions): () => void;
}

export interface KeepFreshOptions {
  /**
   * Called when no token can be had, once for each reason until a token comes again. "notSignedIn" and "notAllowed" are told at once, while the old
   * token may still live; then the endpoint is asked again only by a call of getToken, when the tab becomes visible, or online. All others are told when
   * the token has ended.
   */
  onError?: (error: SpeechTokenError) => void;
}

/** Why no token could be had. */
export class SpeechTokenError extends Error {
  constructor(
    code: SpeechTokenError["code"],
    message: string,
    status?: number,
    retryAfter?: number,
    cause?: unknown,
  );
  /**
   * notSignedIn: 401, a redirect or a page. notAllowed: 403. tooMany: 429. serviceDown: 5xx, no connection or no answer in time.
   * unexpected: another status, no token in the response, or the application's own headers failed; see cause.
   */
  readonly code: "notSignedIn" | "notAllowed" | "tooMany" | "serviceDown" | "unexpected";
  /** The HTTP status; undefined where there was no response. */
  readonly status: number | undefined;
  /** The seconds of Retry-After; until they have passed the endpoint is not asked again, unless the token at hand is refused. */
  readonly retryAfter: number | undefined;
}

export function createSpeechTokens(options: SpeechTokensOptions): SpeechTokens;
