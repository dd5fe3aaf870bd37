import { createSpeechTokens, SpeechTokenError } from "/_content/TokenAuth.AspNetCore/speech-token.js";
import { createSpeech, EndedError } from "./speech.js";
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
  reportRefusal: (token) => post("/speech-token/refused", { token }),
  onHealed: panel.noteHealed,
});

let spoken = null;
let stopListening = null;

byId("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = byId("name").value.trim();
  const response = name ? await post("/sign-in", { name }) : null;
  if (!response?.ok) {
    say("error", name ? "The server did not sign you in." : "Write a name of at least one letter.");
    byId("name").focus();
    return;
  }
  show(name);
  say("good", "Signed in.");
  byId("text").focus();
});

byId("sign-out").addEventListener("submit", async (event) => {
  event.preventDefault();
  leave(); // before anything that can fail: the microphone is off at once
  byId("name").focus();
  const response = await post("/sign-out").catch(() => null);
  say(
    response?.ok ? "good" : "error",
    response?.ok
      ? "Signed out. A token that the page already had ends by itself, ten minutes after it was issued."
      : "The server could not be told. Sign out again when it can be reached.",
  );
});

byId("speak").addEventListener("submit", (event) => {
  event.preventDefault();
  work(byId("say-it"), "Speaking …", async () => {
    spoken = await speech.speak(byId("text").value);
    const audio = byId("audio");
    URL.revokeObjectURL(audio.src);
    audio.src = URL.createObjectURL(spoken);
    audio.play().catch(() => {}); // a browser may want a click on the player itself
    setOff(byId("recognize-spoken"), false);
    return `Said it: ${Math.ceil(spoken.size / 1024)} KB of audio.`;
  });
});

byId("recognize-sample").addEventListener("click", ({ currentTarget }) =>
  work(currentTarget, "Listening to the sample …", async () => recognized(await (await fetch("sample.wav")).blob())),
);
byId("recognize-spoken").addEventListener("click", ({ currentTarget }) =>
  work(currentTarget, "Listening to what was said …", () => recognized(spoken)),
);

byId("microphone").addEventListener("click", ({ currentTarget }) =>
  stopListening
    ? work(currentTarget, "Waiting for the last sentence …", async () => {
        await stopListening();
        return "The microphone is off.";
      })
    : work(currentTarget, "Opening the microphone …", async () => {
        stopListening = await speech.listen({ onText: heard, onEnd: listeningEnded });
        showListening(true);
        return "The microphone is on. Speak, and pause.";
      }),
);

byId("revoke").addEventListener("click", ({ currentTarget }) =>
  work(currentTarget, "Revoking …", async () => {
    const { revoked } = await (await post("/revoke")).json();
    return revoked > 0 ? "Revoked. Say something: the page heals by itself." : "There is no token to revoke.";
  }),
);

byId("mode").textContent = settings.host
  ? "Offline: an emulator stands in for Azure. It speaks in a tone and hears only how many bytes arrive."
  : "Live: Azure AI Speech.";
byId("sdk").textContent = settings.sdkNote;
byId("revoking").hidden = !settings.host;
byId("vendor-row").hidden = !settings.host;
show(settings.user);
const sdkProblem = loadSdk(settings.sdk);
if (await sdkProblem) {
  say("error", await sdkProblem);
}
document.documentElement.dataset.ready = "";

async function recognized(wave) {
  const text = await speech.recognize(wave);
  heard(text || "(nobody speaks)");
  return `Recognized: ${text || "nobody speaks."}`;
}

function listeningEnded(error) {
  stopListening = null;
  showListening(false);
  if (error) {
    failed(error);
  }
}

// A button that works keeps the focus: disabled, it would lose it.
async function work(button, begin, act) {
  if (isOff(button)) {
    return;
  }
  setOff(button, true);
  say("busy", begin);
  try {
    const problem = await sdkProblem;
    if (problem) {
      throw new Error(problem);
    }
    say("good", await act());
  } catch (error) {
    failed(error);
  } finally {
    setOff(button, button.id === "recognize-spoken" && spoken === null);
    panel.noteVendor(settings.host ? await vendor() : null);
  }
}

async function vendor() {
  const response = await fetch("/vendor").catch(() => null);
  return response?.ok ? response.json() : null;
}

function failed(error) {
  if (error instanceof EndedError) {
    return; // by whoever signed out
  }
  if (error instanceof SpeechTokenError && error.code === "notSignedIn") {
    leave();
  }
  say("error", explain(error));
}

// Nothing stays of who leaves: neither the microphone nor the token nor what was said.
function leave() {
  speech.endAll();
  tokens.clear();
  panel.clear();
  spoken = null;
  byId("audio").removeAttribute("src");
  byId("audio").load();
  byId("heard").replaceChildren();
  byId("heard-nothing").hidden = false;
  byId("name").value = "";
  setOff(byId("recognize-spoken"), true);
  const hadFocus = byId("room").contains(document.activeElement);
  show(null);
  if (hadFocus) {
    byId("name").focus(); // the button that had it is gone
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

function showListening(isOn) {
  byId("microphone").dataset.on = isOn;
  byId("microphone").textContent = isOn ? "Stop the microphone" : "Start the microphone";
}

function isOff(button) {
  return button.getAttribute("aria-disabled") === "true";
}

function setOff(button, value) {
  button.setAttribute("aria-disabled", value);
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

/** What is wrong, or nothing. */
async function loadSdk(address) {
  const script = document.createElement("script");
  script.src = address;
  const loaded = new Promise((resolve) => script.addEventListener("load", () => resolve(true)));
  const failing = new Promise((resolve) => script.addEventListener("error", () => resolve(false)));
  document.head.append(script);
  return (await Promise.race([loaded, failing])) ? null : `The Speech SDK cannot be loaded from ${address}.`;
}
