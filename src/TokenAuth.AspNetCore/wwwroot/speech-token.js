// Keeps an Azure Speech token at hand in a browser or an app, from an endpoint that MapSpeechToken made. No dependency.
//
//   import { createSpeechTokens } from "/_content/TokenAuth.AspNetCore/speech-token.js";
//   const tokens = createSpeechTokens({ url: "/speech-token" });
//   const config = SpeechConfig.fromAuthorizationToken((await tokens.getToken()).token, await tokens.region);
//   const recognizer = new SpeechRecognizer(config);
//   const stop = tokens.keepFresh(recognizer, { onError: (error) => show(error.code) });

const EARLY = 180_000; // less life than this: ask for a new token, and hand out the old one meanwhile
const LATE = 60_000; // less than this: wait for the new one
const LOOK_EVERY = 30_000;
const TIME_LIMIT = 15_000; // of one request: the application's headers and the response's body included
const UNSAID_LIFE = 60_000; // where a response does not say how long its token lives
const TRIES = 3; // a recognizer that throws as often, half a minute apart, counts as closed

export class SpeechTokenError extends Error {
  constructor(code, message, status, retryAfter, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SpeechTokenError";
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export function createSpeechTokens({ url, headers, credentials = "same-origin", fetch } = {}) {
  if (!url) {
    throw new TypeError(
      'createSpeechTokens needs the address of the token endpoint, for example createSpeechTokens({ url: "/speech-token" }).',
    );
  }

  const registrations = new Set(); // { recognizer, had, failures, onError, told }
  let current = null; // { token, region, endpoint, life, since }
  let renewal = null; // { answer, since, stop }: one for all who ask
  let refusal = null; // { error, since }: the endpoint said when to ask again
  let shutOut = null; // the error that no waiting mends: not signed in, or not allowed
  let looking = null;

  async function getToken() {
    const left = lifeOf(current);
    if (left >= LATE) {
      if (left < EARLY) {
        renew().catch(() => {}); // callers who have to wait for it are told
      }
      return shown(current);
    }

    try {
      return shown(await renew());
    } catch (error) {
      if (lifeOf(current) > 0) {
        return shown(current); // the service still takes it
      }
      throw error;
    }
  }

  function renew() {
    if (refusal && elapsed(refusal.since) < refusal.error.retryAfter * 1000) {
      return Promise.reject(refusal.error);
    }
    if (renewal && elapsed(renewal.since) > TIME_LIMIT) {
      abandon(); // The machine slept during this request. Its connection is gone and its timer did not run.
    }

    renewal ??= begin();
    return renewal.answer;
  }

  function begin() {
    const controller = new AbortController();
    const started = { since: now(), stop: (reason) => controller.abort(reason) };
    started.answer = request(url, headers, credentials, fetch ?? globalThis.fetch, controller).then(
      (answer) => (renewal === started ? take(answer) : instead(controller.signal)),
      (error) => (renewal === started ? fail(error) : instead(controller.signal)),
    );
    started.answer.catch(() => {}); // nobody may be waiting any more
    return started;
  }

  // Callers of an abandoned renewal wait for the next one, unless `clear()` was called.
  function instead({ reason }) {
    if (reason instanceof SpeechTokenError) {
      throw reason;
    }
    return renew();
  }

  function abandon(reason) {
    const old = renewal;
    renewal = null;
    old?.stop(reason);
  }

  function take(answer) {
    renewal = refusal = shutOut = null;
    current = answer;
    for (const registration of registrations) {
      registration.told = undefined;
    }
    hand();
    return answer;
  }

  function fail(error) {
    renewal = null;
    refusal = error.retryAfter > 0 ? { error, since: now() } : null;
    shutOut = error.code === "notSignedIn" || error.code === "notAllowed" ? error : null;
    if (shutOut) {
      tell(error); // while the old token lives there is time to sign in
    }
    throw error;
  }

  // Once for each reason, until a token comes again.
  function tell(error) {
    for (const registration of registrations) {
      if (registration.told !== error.code) {
        registration.told = error.code;
        try {
          registration.onError?.(error);
        } catch {
          // The application's own error costs the other recognizers nothing.
        }
      }
    }
  }

  function hand() {
    for (const registration of registrations) {
      if (isClosed(registration.recognizer)) {
        letGo(registration);
      } else if (lifeOf(current) > 0 && registration.had !== current.token) {
        give(registration, current.token);
      }
    }
  }

  // A recognizer that throws costs the others nothing and is tried again at the next look.
  function give(registration, token) {
    try {
      registration.recognizer.authorizationToken = token;
      registration.had = token;
      registration.failures = 0;
    } catch {
      registration.failures ||= 1;
    }
  }

  async function look() {
    hand(); // a closed one is not asked for
    if (registrations.size === 0) {
      return;
    }
    try {
      await getToken();
      hand();
    } catch (error) {
      tell(error); // the next look asks again
    }
  }

  function lookAgain() {
    for (const registration of registrations) {
      if (registration.failures > 0 && ++registration.failures > TRIES) {
        letGo(registration);
      }
    }
    // The timer does not retry without a sign-in. The next `getToken()`, or a tab that becomes visible, does.
    if (!shutOut) {
      look();
    }
  }

  function lookIfSeen() {
    if (globalThis.document?.visibilityState !== "hidden") {
      look();
    }
  }

  function keepFresh(recognizer, { onError } = {}) {
    const registration = { recognizer, had: null, failures: 0, onError, told: undefined };
    registrations.add(registration);
    if (looking === null) {
      looking = setInterval(lookAgain, LOOK_EVERY);
      globalThis.document?.addEventListener("visibilitychange", lookIfSeen); // a machine that slept ran no interval
      globalThis.addEventListener?.("online", look);
    }
    look();

    return () => letGo(registration);
  }

  function letGo(registration) {
    registrations.delete(registration);
    if (registrations.size === 0 && looking !== null) {
      clearInterval(looking);
      looking = null;
      globalThis.document?.removeEventListener("visibilitychange", lookIfSeen);
      globalThis.removeEventListener?.("online", look);
    }
  }

  async function resource() {
    if (current === null) {
      await getToken();
    }
    return current ?? resource(); // null when the tokens were cleared meanwhile
  }

  return {
    getToken,
    keepFresh,
    invalidate(refused) {
      if (lifeOf(current) > 0 && (refused === undefined || refused === current.token)) {
        current = { ...current, life: 0 };
        refusal = null;
        abandon(); // its request was sent before the refusal was known
      }
    },
    clear() {
      current = refusal = shutOut = null;
      abandon(new SpeechTokenError("notSignedIn", `The tokens of ${url} were cleared before the endpoint had answered.`));
      for (const registration of registrations) {
        letGo(registration);
      }
    },
    get region() {
      return resource().then((answer) => answer.region);
    },
    get endpoint() {
      return resource().then((answer) => answer.endpoint);
    },
  };
}

// The Speech SDK's own recognizers take a token also when they are closed, and throw where they are asked for their language.
function isClosed(recognizer) {
  try {
    void recognizer.speechRecognitionLanguage;
    return false;
  } catch {
    return true;
  }
}

async function request(url, headers, credentials, send, controller) {
  const { signal } = controller;
  const limit = new SpeechTokenError(
    "serviceDown",
    `The token endpoint ${url} did not answer within ${TIME_LIMIT / 1000} seconds.`,
  );
  const timer = setTimeout(() => controller.abort(limit), TIME_LIMIT);
  const ended = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  try {
    return await Promise.race([ended, exchange(url, headers, credentials, send, signal)]);
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(url, headers, credentials, send, signal) {
  const sent = await headersOf(url, headers);
  signal.throwIfAborted(); // the application's headers came too late
  const since = now(); // the token is as old as the request, whatever the server's clock says
  try {
    const response = await send(url, {
      method: "POST",
      headers: sent,
      credentials,
      cache: "no-store",
      redirect: "manual",
      signal,
    });
    const error = errorOf(url, response);
    if (error) {
      throw error;
    }
    return read(url, response.status, await response.json(), since);
  } catch (error) {
    if (error instanceof SpeechTokenError) {
      throw error;
    }
    if (error instanceof SyntaxError) {
      throw unexpected(url, "something that is not JSON");
    }
    throw new SpeechTokenError(
      "serviceDown",
      `The token endpoint ${url} cannot be reached. Is the browser online, and does the endpoint allow this origin (CORS)?`,
    );
  }
}

async function headersOf(url, headers) {
  try {
    const sent = new Headers(await (typeof headers === "function" ? headers() : headers));
    sent.set("Accept", "application/json");
    sent.set("X-Requested-With", "XMLHttpRequest"); // cookie authentication answers 401 to it and not with a sign-in page
    return sent;
  } catch (cause) {
    throw cause instanceof SpeechTokenError
      ? cause // the application says itself why
      : new SpeechTokenError(
          "unexpected",
          `The application's headers for the token endpoint ${url} cannot be had; the error's cause says why.`,
          undefined,
          undefined,
          cause,
        );
  }
}

function errorOf(url, response) {
  const { status } = response;
  const retryAfter = secondsOf(response.headers.get("Retry-After"));
  const says = (code, text) => new SpeechTokenError(code, `The token endpoint ${url} ${text}`, status, retryAfter);

  if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
    return says("notSignedIn", "answered with a redirect, as to a sign-in page. Sign in, then ask again.");
  }
  if (status === 401) {
    return says("notSignedIn", "wants a signed-in caller (401). Sign in, then ask again.");
  }
  if (status === 403) {
    return says("notAllowed", "gives this caller no token (403).");
  }
  if (status === 429) {
    return says("tooMany", "was asked too often (429). Ask again later.");
  }
  if (status >= 500) {
    return says("serviceDown", `has no token now (${status}). Ask again later.`);
  }
  if (!response.ok) {
    return says("unexpected", `answered ${status}. Is the address right?`);
  }
  if (response.headers.get("Content-Type")?.includes("html")) {
    return says("notSignedIn", "answered with a page, as for signing in. Sign in, then ask again.");
  }
  return null;
}

function read(url, status, json, since) {
  if (typeof json?.token !== "string" || json.token === "") {
    throw unexpected(url, "JSON without a token", status);
  }

  const seconds = Number(json.expiresIn);
  return {
    token: json.token,
    region: json.region,
    endpoint: json.endpoint,
    life: seconds >= 0 && json.expiresIn !== null ? seconds * 1000 : UNSAID_LIFE,
    since,
  };
}

function unexpected(url, what, status) {
  return new SpeechTokenError(
    "unexpected",
    `The token endpoint ${url} answered with ${what}. Is the address right, and its shape Json?`,
    status,
  );
}

// Seconds or a date (RFC 9110 section 10.2.3); undefined where the header is absent or garbage.
function secondsOf(retryAfter) {
  if (!retryAfter) {
    return undefined;
  }
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return seconds > 0 ? Math.min(seconds, 900) : undefined;
}

// Wall clocks are set, and the monotonic clock of some systems stops while the machine sleeps: whichever says more has passed is right.
function now() {
  return { wall: Date.now(), monotonic: performance.now() };
}

function elapsed(since) {
  return Math.max(Date.now() - since.wall, performance.now() - since.monotonic);
}

function lifeOf(answer) {
  return answer ? answer.life - elapsed(answer.since) : 0;
}

function shown(answer) {
  return { token: answer.token, expiresOnTimestamp: answer.since.wall + answer.life };
}
