// Run by SpeechTokenScriptTests, or alone: node --test tests/TokenAuth.IntegrationTests/AspNetCore/speech-token.test.mjs
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, test } from "node:test";

const script = new URL("../../../src/TokenAuth.AspNetCore/wwwroot/speech-token.js", import.meta.url);
const { createSpeechTokens, SpeechTokenError } = await import(
  "data:text/javascript;base64," + (await readFile(script)).toString("base64")
);

const real = {};
for (const name of ["setInterval", "clearInterval", "setTimeout", "clearTimeout"]) {
  real[name] = globalThis[name];
}
const clock = {
  wall: 0,
  monotonic: 0,
  timers: new Map(),
  id: 0,

  start() {
    this.wall = Date.UTC(2026, 0, 1);
    this.monotonic = 5_000;
    this.timers.clear();
    Date.now = () => this.wall;
    performance.now = () => this.monotonic;
    globalThis.setInterval = (run, every) => this.add(run, every, every);
    globalThis.setTimeout = (run, after) => this.add(run, after, null);
    globalThis.clearInterval = globalThis.clearTimeout = (id) => this.timers.delete(id);
  },

  add(run, after, every) {
    this.timers.set(++this.id, { run, due: this.monotonic + after, every });
    return this.id;
  },

  /** Passes time as it passes while the machine is awake. */
  async pass(seconds) {
    for (let i = 0; i < seconds; i++) {
      this.wall += 1_000;
      this.monotonic += 1_000;
      for (const [id, timer] of [...this.timers]) {
        if (timer.due > this.monotonic) continue;
        if (timer.every === null) this.timers.delete(id);
        else timer.due += timer.every;
        timer.run();
      }
      await settle();
    }
  },
};
const dateNow = Date.now;
const performanceNow = performance.now.bind(performance);

beforeEach(() => clock.start());
afterEach(() => {
  Date.now = dateNow;
  performance.now = performanceNow;
  Object.assign(globalThis, real);
  delete globalThis.document;
  delete globalThis.addEventListener;
  delete globalThis.removeEventListener;
});

const settle = async () => {
  for (let i = 0; i < 30; i++) await null;
};

/** An endpoint that grants t1, t2, … unless `next` says otherwise. */
function endpoint(life = 600) {
  const server = {
    requests: [],
    granted: 0,
    next: null,
    async fetch(url, init) {
      server.requests.push({ url, ...init });
      if (server.next) return server.next(init);
      return server.grant(life);
    },
    grant: (expiresIn) => {
      server.granted++;
      return json({ token: `t${server.granted}`, region: "westeurope", expiresIn, endpoint: undefined });
    },
  };
  return server;
}

const json = (value, init) =>
  new Response(JSON.stringify(value), { headers: { "Content-Type": "application/json" }, ...init });
const status = (code, headers = {}) => () => new Response("{}", { status: code, headers });
const tokensOf = (server, more) => createSpeechTokens({ url: "/speech-token", fetch: server.fetch, ...more });

async function errorOf(tokens) {
  return tokens.getToken().then(
    () => assert.fail("a token was given"),
    (error) => {
      assert.ok(error instanceof SpeechTokenError);
      return error;
    },
  );
}

test("A token comes in the shape of the Speech SDK's credential, with its region", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);

  assert.deepEqual(await tokens.getToken(), { token: "t1", expiresOnTimestamp: Date.UTC(2026, 0, 1, 0, 10) });
  assert.equal(await tokens.region, "westeurope");
  assert.equal(await tokens.endpoint, undefined);
});

test("The request is a POST that no cache keeps and no redirect follows", async () => {
  const server = endpoint();

  await tokensOf(server, { headers: { Authorization: "Bearer x" }, credentials: "include" }).getToken();

  const { url, method, headers, credentials, cache, redirect } = server.requests[0];
  assert.deepEqual(
    { url, method, credentials, cache, redirect, headers: Object.fromEntries(headers) },
    {
      url: "/speech-token",
      method: "POST",
      credentials: "include",
      cache: "no-store",
      redirect: "manual",
      headers: { accept: "application/json", authorization: "Bearer x", "x-requested-with": "XMLHttpRequest" },
    },
  );
});

test("A function is asked for headers before each request, and may take its time", async () => {
  const server = endpoint();
  let asked = 0;
  const tokens = tokensOf(server, { headers: async () => ({ Authorization: `Bearer ${++asked}` }) });

  await tokens.getToken();
  await clock.pass(560);
  await tokens.getToken();

  assert.deepEqual(
    server.requests.map((request) => request.headers.get("Authorization")),
    ["Bearer 1", "Bearer 2"],
  );
});

test("Fifty who ask at once are one request", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);

  const all = await Promise.all(Array.from({ length: 50 }, () => tokens.getToken()));

  assert.equal(server.requests.length, 1);
  assert.equal(new Set(all.map((one) => one.token)).size, 1);
});

test("A fresh token is handed out without a request, one with less than three minutes is renewed behind it", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  await tokens.getToken();

  await clock.pass(420);
  assert.equal((await tokens.getToken()).token, "t1");
  assert.equal(server.requests.length, 1);
  await clock.pass(1);
  assert.equal((await tokens.getToken()).token, "t1");
  await settle();

  assert.equal(server.requests.length, 2);
  assert.equal((await tokens.getToken()).token, "t2");
});

test("With less than a minute left a caller waits for the new token", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  await tokens.getToken();

  await clock.pass(541);

  assert.equal((await tokens.getToken()).token, "t2");
});

test("A token is as old as its request, not as its response", async () => {
  const server = endpoint();
  server.next = async () => {
    await clock.pass(10);
    return server.grant(600);
  };

  const { expiresOnTimestamp } = await tokensOf(server).getToken();

  assert.equal(expiresOnTimestamp, Date.UTC(2026, 0, 1, 0, 10));
});

test("Neither a clock that is set nor a machine that sleeps makes an old token young", async () => {
  for (const jump of [() => (clock.wall -= 3_600_000), () => (clock.monotonic -= 300_000)]) {
    const server = endpoint();
    const tokens = tokensOf(server);
    await tokens.getToken();

    await clock.pass(300);
    jump();
    await clock.pass(300);

    assert.equal((await tokens.getToken()).token, "t2");
  }
});

test("The server's clock is nobody's business", async () => {
  const server = endpoint();
  server.next = () => json({ token: "t", region: "westeurope", expiresIn: 600, expiresAt: "1999-01-01T00:00:00Z" });
  const tokens = tokensOf(server);

  await tokens.getToken();
  await tokens.getToken();

  assert.equal(server.requests.length, 1);
});

test("A response that does not say how long its token lives serves for a moment", async () => {
  const server = endpoint();
  server.next = () => json({ token: "t", region: "westeurope" });
  const tokens = tokensOf(server);

  const { expiresOnTimestamp } = await tokens.getToken();

  assert.equal(expiresOnTimestamp - clock.wall, 60_000);
});

test("While the endpoint is down the old token is given as long as it lives", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  await tokens.getToken();
  server.next = () => Promise.reject(new TypeError("Failed to fetch"));

  await clock.pass(599);
  assert.equal((await tokens.getToken()).token, "t1");
  await clock.pass(1);

  assert.equal((await errorOf(tokens)).code, "serviceDown");
});

for (const [name, answer, code, message] of [
  ["401", status(401), "notSignedIn", "The token endpoint /speech-token wants a signed-in caller (401). Sign in, then ask again."],
  ["a redirect", status(302, { Location: "/login" }), "notSignedIn", "The token endpoint /speech-token answered with a redirect, as to a sign-in page. Sign in, then ask again."],
  ["a redirect as browsers show it", () => ({ type: "opaqueredirect", status: 0, ok: false, headers: new Headers() }), "notSignedIn", "The token endpoint /speech-token answered with a redirect, as to a sign-in page. Sign in, then ask again."],
  ["a page", () => new Response("<html>", { headers: { "Content-Type": "text/html; charset=utf-8" } }), "notSignedIn", "The token endpoint /speech-token answered with a page, as for signing in. Sign in, then ask again."],
  ["403", status(403), "notAllowed", "The token endpoint /speech-token gives this caller no token (403)."],
  ["429", status(429), "tooMany", "The token endpoint /speech-token was asked too often (429). Ask again later."],
  ["503", status(503), "serviceDown", "The token endpoint /speech-token has no token now (503). Ask again later."],
  ["no network", () => Promise.reject(new TypeError("Failed to fetch")), "serviceDown", "The token endpoint /speech-token cannot be reached. Is the browser online, and does the endpoint allow this origin (CORS)?"],
  ["404", status(404), "unexpected", "The token endpoint /speech-token answered 404. Is the address right?"],
  ["no JSON", () => new Response("eyJ.x.y", { headers: { "Content-Type": "text/plain" } }), "unexpected", "The token endpoint /speech-token answered with something that is not JSON. Is the address right, and its shape Json?"],
  ["another shape", () => json({ authorizationToken: "t" }), "unexpected", "The token endpoint /speech-token answered with JSON without a token. Is the address right, and its shape Json?"],
  ["null", () => json(null), "unexpected", "The token endpoint /speech-token answered with JSON without a token. Is the address right, and its shape Json?"],
]) {
  test(`An error says why: ${name}`, async () => {
    const server = endpoint();
    server.next = answer;

    const error = await errorOf(tokensOf(server));

    assert.deepEqual([error.name, error.code, error.message], ["SpeechTokenError", code, message]);
  });
}

test("An endpoint that says when to ask again is left alone until then", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  server.next = status(429, { "Retry-After": "20" });

  assert.equal((await errorOf(tokens)).retryAfter, 20);
  await clock.pass(19);
  await errorOf(tokens);
  assert.equal(server.requests.length, 1);
  server.next = null;
  await clock.pass(1);

  assert.equal((await tokens.getToken()).token, "t1");
});

test("After a failure the next call tries at once", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  server.next = status(503);
  await errorOf(tokens);
  server.next = null;

  assert.equal((await tokens.getToken()).token, "t1");
});

test("An endpoint that does not answer is given up after fifteen seconds", async () => {
  const server = endpoint();
  server.next = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))));
  const failed = errorOf(tokensOf(server));
  await settle();

  await clock.pass(15);

  assert.equal((await failed).message, "The token endpoint /speech-token did not answer within 15 seconds.");
  assert.equal(clock.timers.size, 0);
});

test("A refused token is not handed out again", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  await tokens.getToken();

  tokens.invalidate();
  server.next = status(503);
  await errorOf(tokens);
  server.next = null;

  assert.equal((await tokens.getToken()).token, "t2");
  assert.equal(await tokens.region, "westeurope");
});

test("Asking for the region first asks the endpoint, and fails with its reason", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  server.next = status(401);
  await assert.rejects(tokens.region, { code: "notSignedIn" });
  server.next = null;

  assert.equal(await tokens.region, "westeurope");
});

test("Every recognizer that is kept fresh gets each token, once", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  const [one, other] = [recognizer(), recognizer()];

  const stop = tokens.keepFresh(one);
  tokens.keepFresh(other);
  await settle();
  await clock.pass(1_000);
  stop();
  await clock.pass(1_000);

  assert.deepEqual(one.had, ["t1", "t2", "t3"]);
  assert.deepEqual(other.had.slice(0, 4), ["t1", "t2", "t3", "t4"]);
  assert.ok(server.requests.length <= 6);
});

test("A closed recognizer costs the others nothing and is tried again", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  const [closed, open] = [recognizer(), recognizer()];
  closed.isClosed = true;

  tokens.keepFresh(closed);
  tokens.keepFresh(open);
  await settle();
  assert.deepEqual([closed.had, open.had], [[], ["t1"]]);
  closed.isClosed = false;
  await clock.pass(30);

  assert.deepEqual(closed.had, ["t1"]);
});

test("An outage of two minutes while the token lives is nobody's", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  const kept = recognizer();
  tokens.keepFresh(kept);
  await settle();

  await clock.pass(425);
  server.next = status(503);
  await clock.pass(120);
  server.next = null;
  await clock.pass(35);

  assert.deepEqual(kept.had, ["t1", "t2"]);
});

test("A tab that slept past the expiry asks when it is seen again, and when the network is back", async () => {
  for (const [target, event] of [
    ["document", "visibilitychange"],
    ["window", "online"],
  ]) {
    const targets = { document: new EventTarget(), window: new EventTarget() };
    globalThis.document = targets.document;
    globalThis.addEventListener = targets.window.addEventListener.bind(targets.window);
    globalThis.removeEventListener = targets.window.removeEventListener.bind(targets.window);
    const server = endpoint();
    const tokens = tokensOf(server);
    const kept = recognizer();
    const stop = tokens.keepFresh(kept);
    await settle();

    clock.wall += 3_600_000; // the monotonic clock and the intervals stood still
    targets[target].dispatchEvent(new Event(event));
    await settle();
    assert.deepEqual(kept.had, ["t1", "t2"]);

    stop();
    clock.wall += 3_600_000;
    targets[target].dispatchEvent(new Event(event));
    await settle();
    assert.equal(server.requests.length, 2);
  }
});

test("A refusal while a renewal is under way is answered by a renewal that begins after it", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  await tokens.getToken();
  await clock.pass(421);
  let answer;
  server.next = () => new Promise((resolve) => (answer = resolve));
  assert.equal((await tokens.getToken()).token, "t1"); // renews behind it
  await settle();

  tokens.invalidate();
  server.next = null;
  assert.equal((await tokens.getToken()).token, "t2");
  answer(json({ token: "of the renewal before", region: "eastus", expiresIn: 600 }));
  await settle();

  assert.equal((await tokens.getToken()).token, "t2");
  assert.equal(await tokens.region, "westeurope");
  assert.equal(server.requests.length, 3);
  assert.equal(server.requests[1].signal.aborted, true);
});

test("Whoever waits for a renewal that a refusal ended gets the next one's token", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  await tokens.getToken();
  await clock.pass(545);
  server.next = () => new Promise(() => {});
  const waiting = tokens.getToken();
  await settle();

  server.next = null;
  tokens.invalidate();

  assert.equal((await waiting).token, "t2");
});

test("Two refusals of one token are one request, and one of an older token is none", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  const { token } = await tokens.getToken();

  tokens.invalidate(token);
  const first = tokens.getToken();
  tokens.invalidate(token);
  await Promise.all([first, tokens.getToken()]);
  tokens.invalidate(token);

  assert.equal((await tokens.getToken()).token, "t2");
  assert.equal(server.requests.length, 2);
});

test("After a refusal the endpoint is asked, whatever it said before about the time to ask again", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  await tokens.getToken();
  server.next = status(503, { "Retry-After": "60" });
  await clock.pass(421);
  await tokens.getToken();
  await settle();
  server.next = null;

  tokens.invalidate();

  assert.equal((await tokens.getToken()).token, "t2");
});

test("After a sign-out nothing is left of the one who left", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  const kept = recognizer();
  tokens.keepFresh(kept);
  await settle();
  server.next = status(429, { "Retry-After": "600" });
  await clock.pass(450);

  tokens.clear();
  server.next = () => json({ token: "of the next one", region: "eastus", expiresIn: 600 });

  assert.equal(clock.timers.size, 0);
  assert.equal((await tokens.getToken()).token, "of the next one");
  assert.equal(await tokens.region, "eastus");
  assert.deepEqual(kept.had, ["t1"]);
});

test("A response to the one who signed out is nobody's", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  let answer;
  server.next = () => new Promise((resolve) => (answer = resolve));
  const failed = errorOf(tokens);
  await settle();

  tokens.clear();
  answer(json({ token: "of the one who left", region: "eastus", expiresIn: 600 }));
  server.next = null;

  const error = await failed;
  assert.deepEqual(
    [error.code, error.message],
    ["notSignedIn", "The tokens of /speech-token were cleared before the endpoint had answered."],
  );
  assert.equal((await tokens.getToken()).token, "t1");
});

test("Who is signed out is told once, and the endpoint is asked again only when something happens", async () => {
  globalThis.document = new EventTarget();
  const server = endpoint();
  const tokens = tokensOf(server);
  const errors = [];
  const kept = recognizer();
  tokens.keepFresh(kept, { onError: (error) => errors.push(error.code) });
  await settle();
  server.next = status(401);

  await clock.pass(450);
  assert.deepEqual(errors, ["notSignedIn"]); // while the token lives: there is time to sign in
  await clock.pass(600);
  assert.equal(server.requests.length, 2);
  server.next = null;
  globalThis.document.dispatchEvent(new Event("visibilitychange"));
  await settle();

  assert.deepEqual(kept.had, ["t1", "t2"]);
  await clock.pass(450);
  assert.deepEqual(kept.had, ["t1", "t2", "t3"]);
});

test("An outage is told when the token has ended, once for each outage", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  const errors = [];
  tokens.keepFresh(recognizer(), {
    onError(error) {
      errors.push(error.code);
      throw new Error("the application's own");
    },
  });
  await settle();
  server.next = status(503);

  await clock.pass(595);
  assert.deepEqual(errors, []);
  await clock.pass(300);
  assert.deepEqual(errors, ["serviceDown"]);
  server.next = null;
  await clock.pass(60);
  server.next = status(503);
  await clock.pass(800);

  assert.deepEqual(errors, ["serviceDown", "serviceDown"]);
});

test("A hidden tab waits until it is seen", async () => {
  const document = (globalThis.document = new EventTarget());
  const server = endpoint();
  const tokens = tokensOf(server);
  tokens.keepFresh(recognizer());
  await settle();
  clock.wall += 3_600_000;

  document.visibilityState = "hidden";
  document.dispatchEvent(new Event("visibilitychange"));
  await settle();
  assert.equal(server.requests.length, 1);
  document.visibilityState = "visible";
  document.dispatchEvent(new Event("visibilitychange"));
  await settle();

  assert.equal(server.requests.length, 2);
});

test("A recognizer that was closed and never let go is let go, and nothing is asked for it", async () => {
  const server = endpoint();
  const closed = {
    had: [],
    isClosed: false,
    set authorizationToken(token) {
      this.had.push(token); // as the Speech SDK's own, which takes it without a word
    },
    get speechRecognitionLanguage() {
      if (this.isClosed) throw new Error("the object is already disposed");
      return "en-US";
    },
  };
  tokensOf(server).keepFresh(closed);
  await settle();

  closed.isClosed = true;
  await clock.pass(3_600);

  assert.deepEqual(closed.had, ["t1"]);
  assert.deepEqual([server.requests.length, clock.timers.size], [1, 0]);
});

test("One that throws three times in a row counts as closed", async () => {
  const server = endpoint();
  const broken = recognizer();
  broken.isClosed = true;
  tokensOf(server).keepFresh(broken);
  await settle();

  await clock.pass(90);

  assert.equal(clock.timers.size, 0);
});

test("A recognizer that is registered twice is kept fresh until both have let it go", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  const kept = recognizer();
  const [stop, stopOther] = [tokens.keepFresh(kept), tokens.keepFresh(kept)];
  await settle();

  stop();
  stop();
  await clock.pass(450);
  assert.equal(kept.had.at(-1), "t2");
  stopOther();

  assert.equal(clock.timers.size, 0);
});

test("The application's headers are inside the time limit, and a late one sends nothing", async () => {
  const server = endpoint();
  let answer;
  const tokens = tokensOf(server, { headers: () => new Promise((resolve) => (answer = resolve)) });
  const failed = errorOf(tokens);
  await settle();

  await clock.pass(15);
  assert.equal((await failed).message, "The token endpoint /speech-token did not answer within 15 seconds.");
  answer({ Authorization: "Bearer late" });
  await settle();

  assert.equal(server.requests.length, 0);
});

for (const [name, headers, code, message] of [
  ["a function that throws", () => Promise.reject(new Error("secret")), "unexpected", "The application's headers for the token endpoint /speech-token cannot be had; the error's cause says why."],
  ["headers that are none", { "not a name": "x" }, "unexpected", "The application's headers for the token endpoint /speech-token cannot be had; the error's cause says why."],
  ["the application's own word", () => { throw new SpeechTokenError("notSignedIn", "Sign in."); }, "notSignedIn", "Sign in."],
]) {
  test(`Headers that cannot be had have a code too: ${name}`, async () => {
    const server = endpoint();

    const error = await errorOf(tokensOf(server, { headers }));

    assert.deepEqual([error.code, error.message], [code, message]);
    assert.equal(error.cause instanceof Error, code === "unexpected");
    assert.equal(server.requests.length, 0);
  });
}

test("A request over which the machine slept is given up when it wakes", async () => {
  const server = endpoint();
  const tokens = tokensOf(server);
  const kept = recognizer();
  globalThis.document = new EventTarget();
  tokens.keepFresh(kept);
  await settle();
  server.next = () => new Promise(() => {});
  await clock.pass(452);
  assert.equal(server.requests.length, 2);

  clock.wall += 3_600_000; // the time limit slept too
  server.next = null;
  globalThis.document.dispatchEvent(new Event("visibilitychange"));
  await settle();

  assert.deepEqual(kept.had, ["t1", "t2"]);
  assert.equal(server.requests[1].signal.aborted, true);
});

test("Nothing is left behind", async () => {
  const tokens = tokensOf(endpoint());

  const stop = tokens.keepFresh(recognizer());
  await settle();
  stop();
  stop();

  assert.equal(clock.timers.size, 0);
});

test("Without an address it says what to write", () => {
  assert.throws(() => createSpeechTokens(), {
    name: "TypeError",
    message:
      'createSpeechTokens needs the address of the token endpoint, for example createSpeechTokens({ url: "/speech-token" }).',
  });
});

function recognizer() {
  return {
    had: [],
    isClosed: false,
    set authorizationToken(token) {
      if (this.isClosed) throw new Error("the object is already disposed");
      this.had.push(token);
    },
  };
}
