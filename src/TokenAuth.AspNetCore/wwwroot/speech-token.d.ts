/** What a Speech token is asked with. */
export interface SpeechTokensOptions {
  /** The endpoint of MapSpeechToken, for example "/speech-token". */
  url: string | URL;
  /** Sent with each request, for example an Authorization header. A function is asked before each request. */
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
  /** A service refused the token: the next call asks the endpoint anew. */
  invalidate(): void;
  /**
   * Sets authorizationToken now and after every renewal, until the returned function is called: every 30 seconds, when the tab
   * becomes visible and when the browser comes online it looks whether the token is about to end.
   */
  keepFresh(recognizer: HasAuthorizationToken): () => void;
}

/** Why no token could be had. */
export class SpeechTokenError extends Error {
  /**
   * notSignedIn: 401, a redirect or a page. notAllowed: 403. tooMany: 429. serviceDown: 5xx, no connection or no answer in time.
   * unexpected: another status, or no token in the response.
   */
  readonly code: "notSignedIn" | "notAllowed" | "tooMany" | "serviceDown" | "unexpected";
  /** The HTTP status; undefined where there was no response. */
  readonly status: number | undefined;
  /** The seconds of Retry-After; until they have passed the endpoint is not asked again. */
  readonly retryAfter: number | undefined;
}

export function createSpeechTokens(options: SpeechTokensOptions): SpeechTokens;
