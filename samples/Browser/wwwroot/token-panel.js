// Shows which token the page has, and what became of those before. The token itself is never shown: its fingerprint tells one
// from the other.

const FULL_LIFE = 600; // seconds: Azure issues every token for ten minutes
const NEW = 15; // seconds: as long as a request may take

export function createTokenPanel() {
  const byId = (id) => document.getElementById(id);
  let token = null; // { fingerprint, expiresIn, ageOnArrival, arrivedAt }
  let renewals = 0;
  let healed = 0;

  async function note({ token: value, expiresIn }, arrivedAt) {
    const fingerprint = await fingerprintOf(value);
    if (token?.fingerprint === fingerprint) {
      return;
    }
    if (token) {
      byId("renewals").textContent = ++renewals;
    }
    token = { fingerprint, arrivedAt, expiresIn, ageOnArrival: Math.max(0, FULL_LIFE - expiresIn) };
    byId("fingerprint").textContent = fingerprint;
    byId("origin").textContent =
      token.ageOnArrival < NEW ? "Azure, through the server" : `the server, which had it for ${clock(token.ageOnArrival)}`;
    tick();
  }

  function tick() {
    byId("no-token").hidden = token !== null;
    byId("has-token").hidden = token === null;
    if (!token) {
      return;
    }

    const here = (Date.now() - token.arrivedAt) / 1000;
    const left = Math.max(0, token.expiresIn - here);
    byId("left").textContent = left > 0 ? clock(left) : "it has ended; the next turn brings a new one";
    byId("life").value = left;
    byId("life").textContent = clock(left);
    byId("age").textContent = clock(token.ageOnArrival + here);
  }

  setInterval(tick, 1000);

  return {
    /** A fetch that shows the panel what the token endpoint answers. */
    watch: (send) => async (address, request) => {
      const sentAt = Date.now();
      const response = await send(address, request);
      if (response.ok) {
        const copy = response.clone();
        copy
          .json()
          .then((json) => note(json, sentAt))
          .catch(() => {});
      }
      return response;
    },
    noteHealed: () => (byId("healed").textContent = ++healed),
    noteVendor(vendor) {
      if (vendor) {
        byId("vendor").textContent = `${count(vendor.issued, "token")} issued, ${count(vendor.refused, "request")} refused`;
      }
    },
    clear() {
      token = null;
      renewals = healed = 0;
      byId("renewals").textContent = byId("healed").textContent = "0";
      for (const id of ["fingerprint", "age", "origin"]) {
        byId(id).textContent = "–";
      }
      tick();
    },
  };
}

async function fingerprintOf(token) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return [...new Uint8Array(digest).slice(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function count(number, what) {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
