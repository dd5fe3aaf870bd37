import { createSpeechTokens, SpeechTokenError } from "/_content/TokenAuth.AspNetCore/speech-token.js";
import { createSpeech } from "./speech.js";
import { createTokenPanel } from "./token-panel.js";

const byId = (id) => document.getElementById(id);
const post = (path, body) =>
  fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Requested-With": "XMLHttpRequest" },
    body: JSON.stringify(body ?? {}),
  });

const panel = createTokenPanel();
const settings = await (await fetch("/settings")).json();
const tokens = createSpeechTokens({ url: "/speech-token", fetch: panel.watch(fetch) });
const speech = createSpeech({
  tokens,
  host: settings.host,
  async reportRefusal(token) {
    await post("/speech-token/refused", { token });
    panel.noteRefusal();
  },
});

byId("mode").textContent = settings.host
  ? "Offline: an emulator stands in for Azure. It speaks in a tone and hears only how many bytes arrive."
  : "Live: Azure AI Speech.";
byId("sdk").textContent = settings.sdkNote;
byId("revoking").hidden = !settings.host;
byId("vendor-row").hidden = !settings.host;
show(settings.user);
await loadSdk(settings.sdk);

byId("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const response = await post("/sign-in", { name: byId("name").value });
  show(response.ok ? byId("name").value : null);
  say("good", "Signed in.");
  byId("text").focus();
});

byId("sign-out").addEventListener("submit", async (event) => {
  event.preventDefault();
  await post("/sign-out");
  tokens.invalidate();
  panel.clear();
  show(null);
  say("good", "Signed out. A token that the page already had ends by itself, ten minutes after it was issued.");
  byId("name").focus();
});

let spoken = null;
byId("speak").addEventListener("submit", (event) => {
  event.preventDefault();
  work(event.submitter ?? byId("speak").querySelector("button"), "Speaking …", async () => {
    spoken = await speech.speak(byId("text").value);
    const audio = byId("audio");
    URL.revokeObjectURL(audio.src);
    audio.src = URL.createObjectURL(spoken);
    audio.play().catch(() => {}); // a browser may want a click on the player itself
    byId("recognize-spoken").disabled = false;
    return `Said it: ${Math.ceil(spoken.size / 1024)} KB of audio.`;
  });
});

byId("recognize-sample").addEventListener("click", ({ currentTarget }) =>
  work(currentTarget, "Listening to the sample …", async () => recognized(await (await fetch("sample.wav")).blob())),
);
byId("recognize-spoken").addEventListener("click", ({ currentTarget }) =>
  work(currentTarget, "Listening to what was said …", () => recognized(spoken)),
);

let stopListening = null;
byId("microphone").addEventListener("click", ({ currentTarget }) => {
  if (stopListening) {
    stopListening();
    return;
  }

  work(currentTarget, "Opening the microphone …", async () => {
    stopListening = await speech.listen({
      onText: heard,
      onEnd(error) {
        stopListening = null;
        pressed(currentTarget, false);
        error ? say("error", explain(error)) : say("good", "The microphone is off.");
      },
    });
    pressed(currentTarget, true);
    return "The microphone is on. Speak, and pause.";
  });
});

byId("revoke").addEventListener("click", ({ currentTarget }) =>
  work(currentTarget, "Revoking …", async () => {
    const { revoked } = await (await post("/revoke")).json();
    return revoked > 0 ? "Revoked. Say something: the page heals by itself." : "There is no token to revoke.";
  }),
);

async function recognized(wave) {
  const text = await speech.recognize(wave);
  heard(text || "(nobody speaks)");
  return `Recognized: ${text || "nobody speaks."}`;
}

async function work(button, begin, act) {
  button.disabled = true;
  say("busy", begin);
  try {
    say("good", await act());
  } catch (error) {
    say("error", explain(error));
    if (error instanceof SpeechTokenError && error.code === "notSignedIn") {
      show(null);
    }
  } finally {
    button.disabled = false;
    button.focus();
    panel.noteVendor(settings.host ? await (await fetch("/vendor")).json() : null);
  }
}

function explain(error) {
  const reasons = {
    notSignedIn: "You are not signed in any more.",
    notAllowed: "You may not use speech.",
    tooMany: "Too many requests; wait a minute.",
    serviceDown: "No token can be had now; try again in a moment.",
  };
  return reasons[error.code] ?? error.message ?? String(error);
}

function heard(text) {
  byId("heard-nothing").hidden = true;
  const item = document.createElement("li");
  item.textContent = text;
  byId("heard").append(item);
}

function pressed(button, isPressed) {
  button.setAttribute("aria-pressed", isPressed);
  button.textContent = isPressed ? "Stop the microphone" : "Start the microphone";
}

function show(user) {
  byId("door").hidden = user !== null;
  byId("room").hidden = user === null;
  byId("sign-out").hidden = user === null;
  byId("user").textContent = user ?? "";
}

function say(kind, text) {
  byId("status").dataset.kind = kind;
  byId("status").textContent = text;
}

async function loadSdk(address) {
  const script = document.createElement("script");
  script.src = address;
  const loaded = new Promise((resolve) => script.addEventListener("load", () => resolve(true)));
  const failed = new Promise((resolve) => script.addEventListener("error", () => resolve(false)));
  document.head.append(script);
  if (!(await Promise.race([loaded, failed]))) {
    say("error", `The Speech SDK cannot be loaded from ${address}.`);
  }
  document.documentElement.dataset.ready = "";
}
