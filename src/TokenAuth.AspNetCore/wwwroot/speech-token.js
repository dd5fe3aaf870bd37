// Keeps an Azure Speech token at hand in a browser or an app, from an endpoint that MapSpeechToken made. No dependency.
//
//   import { createSpeechTokens } from "/_content/TokenAuth.AspNetCore/speech-token.js";
//   const tokens = createSpeechTokens({ url: "/speech-token" });
//   const config = SpeechConfig.fromAuthorizationToken((await tokens.getToken()).token, await tokens.region);
//   const recognizer = new SpeechRecognizer(config);
//   const stop = tokens.keepFresh(recognizer);

const EARLY = 180_000; // less life than this: ask for a new token, and hand out the old one meanwhile
const LATE = 60_000; // less than this: wait for the new one
const LOOK_EVERY = 30_000;
const TIME_LIMIT = 15_000; // of one request, the body included
const UNSAID_LIFE = 60_000; // where a response does not say how long its token lives

export class SpeechTokenError extends Error {
  constructor(code, message, status, retryAfter) {
    super(message);
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

  const kept = new Map(); // recognizer -> the token that it has
  let current = null; // { token, region, endpoint, life, since }
  let renewal = null; // one for all who ask
  let refusal = null; // { error, since }: the endpoint said when to ask again
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

    renewal ??= ask().finally(() => {
      renewal = null;
    });
    return renewal;
  }

  async function ask() {
    try {
      current = await request(url, headers, credentials, fetch ?? globalThis.fetch);
      refusal = null;
      hand();
      return current;
    } catch (error) {
      refusal = error.retryAfter > 0 ? { error, since: now() } : null;
      throw error;
    }
  }

  // A recognizer that throws, as a closed one does, costs the others nothing and is tried again at the next look.
  function hand() {
    for (const [recognizer, had] of kept) {
      if (had === current.token || lifeOf(current) <= 0) {
        continue;
      }
      try {
        recognizer.authorizationToken = current.token;
        kept.set(recognizer, current.token);
      } catch {
        // See above.
      }
    }
  }

  async function look() {
    try {
      await getToken();
      hand();
    } catch {
      // The next look asks again.
    }
  }

  function keepFresh(recognizer) {
    kept.set(recognizer, null);
    if (looking === null) {
      looking = setInterval(look, LOOK_EVERY);
      globalThis.document?.addEventListener("visibilitychange", look); // a machine that slept ran no interval
      globalThis.addEventListener?.("online", look);
    }
    look();

    return () => {
      kept.delete(recognizer);
      if (kept.size === 0 && looking !== null) {
        clearInterval(looking);
        looking = null;
        globalThis.document?.removeEventListener("visibilitychange", look);
        globalThis.removeEventListener?.("online", look);
      }
    };
  }

  async function resource() {
    if (current === null) {
      await getToken();
    }
    return current;
  }

  return {
    getToken,
    keepFresh,
    invalidate() {
      if (current) {
        current = { ...current, life: 0 };
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

async function request(url, headers, credentials, send) {
  const sent = new Headers(await (typeof headers === "function" ? headers() : headers));
  sent.set("Accept", "application/json");
  sent.set("X-Requested-With", "XMLHttpRequest"); // cookie authentication answers 401 to it and not with a sign-in page

  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), TIME_LIMIT);
  const since = now(); // the token is as old as the request, whatever the server's clock says
  try {
    const response = await send(url, {
      method: "POST",
      headers: sent,
      credentials,
      cache: "no-store",
      redirect: "manual",
      signal: limit.signal,
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
      limit.signal.aborted
        ? `The token endpoint ${url} did not answer within ${TIME_LIMIT / 1000} seconds.`
        : `The token endpoint ${url} cannot be reached. Is the browser online, and does the endpoint allow this origin (CORS)?`,
    );
  } finally {
    clearTimeout(timer);
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
