// Keeps what is typed into <form data-draft-url> on the server, valid or not. Nothing is stored in the browser: people
// here share computers. Without JavaScript the form still works with its button.

const AFTER_TYPING = 1000;
const ON_LEAVING = 250; // long enough for a click on the form's own button to be that, and not a draft as well
const SLOW = 600; // a quick save isn't announced as "Saving…": a screen reader would say it at every pause
const RETRY_FIRST = 5000;
const RETRY_LONGEST = 60000;
const KEEPALIVE_LIMIT = 60000; // browsers refuse more than 64 KiB once the page is gone

const WORDS = {
  saving: "Saving…",
  offline: "Not saved: you seem to be offline. Keep this page open; we’ll try again.",
  trouble: "Not saved: the service did not answer. Keep this page open; we’ll try again.",
  signedOut:
    "You have been signed out. Your last saved draft is kept: sign in again in another tab, then carry on here.",
  refused: "Not saved. Copy what you have typed, then open this page again.",
  tooLong: "Not saved: this is too long. Make it shorter and we’ll try again.",
};

class Drafts {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-draft-status]") ?? document.querySelector("[data-draft-status]");
    this.saved = this.read().toString();
    this.wait = RETRY_FIRST;
    this.stopped = false;
    this.failing = false;
    this.request = null;
    form.addEventListener("input", () => this.later(AFTER_TYPING));
    form.addEventListener("change", () => this.later(ON_LEAVING));
    form.addEventListener("focusout", () => this.later(ON_LEAVING));
    form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", () => (this.stopped = false)); // back to this page, after sending it
    window.addEventListener("online", () => this.failing && this.save());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.leave();
      else if (this.failing) this.save();
    });
  }

  // The fields as they would be sent, less files, passwords and the token
  read() {
    const data = new URLSearchParams();
    const secret = new Set(Array.from(this.form.querySelectorAll('input[type="password"]'), (input) => input.name));
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && !secret.has(name)) data.append(name, value);
    }
    return data;
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  async save({ again = true } = {}) {
    clearTimeout(this.timer);
    const data = this.read();
    if (this.stopped || this.request || (data.toString() === this.saved && !this.failing)) return;
    this.request = new AbortController();
    const slow = setTimeout(() => this.say("saving"), SLOW);
    let answer = null;
    try {
      answer = await this.send(data, { signal: this.request.signal });
    } catch (error) {
      if (error.name === "AbortError") return;
    } finally {
      clearTimeout(slow);
      this.request = null;
    }
    if (this.stopped) return;
    if (answer?.status === 403 && again && this.renewToken()) return this.save({ again: false });
    await this.settle(answer, data.toString());
  }

  send(data, options) {
    return fetch(this.form.dataset.draftUrl, {
      method: "POST",
      body: data,
      headers: { "X-CSRFToken": this.token().value, "X-Requested-With": "XMLHttpRequest" },
      credentials: "same-origin",
      redirect: "manual", // to the sign-in page: signed out
      ...options,
    });
  }

  async settle(answer, sent) {
    if (answer?.ok) {
      this.saved = sent;
      this.failing = false;
      this.wait = RETRY_FIRST;
      const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      this.say("saved", `Draft saved ${time}`);
      if (this.read().toString() !== sent) this.later(AFTER_TYPING);
      return;
    }
    this.failing = true;
    if (answer === null) return this.retry(navigator.onLine ? "trouble" : "offline");
    if (answer.status >= 500 || answer.status === 429) return this.retry("trouble");
    if (answer.type === "opaqueredirect" || answer.status === 401) return this.say("signedOut");
    // Refused, and sending the same again won't help: wait for the next change
    this.failing = false;
    this.saved = sent;
    this.say(answer.status === 413 ? "tooLong" : "refused", await message(answer));
  }

  retry(state) {
    this.say(state);
    this.later(this.wait);
    this.wait = Math.min(this.wait * 2, RETRY_LONGEST);
  }

  // The page goes away, perhaps for good: send without waiting for the answer
  leave() {
    const data = this.read();
    const text = data.toString();
    if (this.stopped || text === this.saved) return;
    this.request?.abort();
    clearTimeout(this.timer);
    this.saved = text; // once, though more than one event says goodbye
    this.send(data, { keepalive: text.length < KEEPALIVE_LIMIT }).then(
      (answer) => this.settle(answer, text),
      () => this.settle(null, text),
    );
  }

  submit(event) {
    if (event.defaultPrevented) return;
    this.stopped = true;
    clearTimeout(this.timer);
    this.request?.abort();
    this.renewToken();
  }

  token() {
    return this.form.querySelector('input[name="csrfmiddlewaretoken"]');
  }

  // Signing in again in another tab changes the token; the cookie has the new one
  renewToken() {
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (cookie) this.token().value = cookie[1];
    return Boolean(cookie);
  }

  // The same words again are no news, so a screen reader hears "Draft saved" once a minute at most
  say(state, text = "") {
    const words = text || WORDS[state];
    if (!this.status || this.status.textContent === words) return;
    this.status.textContent = words;
    this.status.dataset.state = state;
  }
}

async function message(answer) {
  try {
    return (await answer.json()).message ?? "";
  } catch {
    return "";
  }
}

for (const form of document.querySelectorAll("form[data-draft-url]")) new Drafts(form);
