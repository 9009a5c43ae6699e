// Words are kept in this browser while they are typed, for their author alone; nothing of it is sent.
// They come back when a form is opened again. Words that were sent are not put back, only offered for a day.
// Signing out forgets everything. Without this file forms work as they do.
"use strict";

const BEGIN = "words:";
const DAY = 86_400_000;

function entries() {
  const found = [];
  for (let at = 0; at < localStorage.length; at += 1) {
    const key = localStorage.key(at);
    if (key.startsWith(BEGIN)) found.push(key);
  }
  return found;
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function keep(form) {
  const place = new URL(form.getAttribute("action") || location.href, location.href);
  const key = `${BEGIN}${form.dataset.keep}:${place.pathname}${place.search}`;
  const fields = [...form.querySelectorAll("textarea, input[type=text]")].filter((field) => field.name);
  if (!fields.some((field) => field.tagName === "TEXTAREA")) return;
  const back = form.parentElement.querySelector("[data-kept]");
  const offer = form.parentElement.querySelector("[data-kept-sent]");
  const typed = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const unchanged = () => fields.every((field) => field.value === field.defaultValue);
  const bring = (words) => {
    for (const field of fields) if (field.name in words) field.value = words[field.name];
  };

  const kept = read(key);
  const shown = kept && fields.every((field) => !(field.name in kept.words) || field.value === kept.words[field.name]);
  if (kept && unchanged() && !shown) {
    if (kept.sent) {
      offer.hidden = false;
      offer.querySelector("button").addEventListener("click", () => { bring(kept.words); offer.hidden = true; });
    } else {
      bring(kept.words);
      back.hidden = unchanged();
    }
  }
  back.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(key);
    for (const field of fields) field.value = field.defaultValue;
    back.hidden = true;
    fields[0].focus();
  });

  let waiting = 0;
  const write = (sent) => {
    clearTimeout(waiting);
    try {
      if (unchanged() && !sent) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ at: Date.now(), sent, words: typed() }));
    } catch {
      // No room, or not allowed: then it is as without this file.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(write, 400, false);
  });
  window.addEventListener("pagehide", () => { if (waiting && !form.dataset.sent) write(false); });
  form.addEventListener("submit", () => {
    form.dataset.sent = "yes";
    write(true);
  });
}

try {
  for (const key of entries()) {
    const kept = read(key);
    if (!kept || Date.now() - kept.at > (kept.sent ? 1 : 14) * DAY) localStorage.removeItem(key);
  }
  for (const form of document.querySelectorAll("form[data-keep]")) keep(form);
  for (const form of document.querySelectorAll("form[action*='/sign-out']")) {
    form.addEventListener("submit", () => { for (const key of entries()) localStorage.removeItem(key); });
  }
} catch {
  // This browser keeps nothing for us.
}
