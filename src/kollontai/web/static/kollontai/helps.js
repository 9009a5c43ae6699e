// Small helps; without this file everything works as it does, only less at hand.
"use strict";

// A button that prints the page.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A form that is sent once: a second press would show a page without the receipt.
for (const form of document.querySelectorAll("form[data-once]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });
}

// Looking a check code up, here in the browser: nothing that is typed is sent anywhere.
const finding = document.querySelector("[data-find]");
if (finding) {
  const field = finding.querySelector("input");
  const said = finding.querySelector("[data-found]");
  const rows = [...document.querySelectorAll("[data-codes] tbody tr")];
  finding.hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.toLowerCase().replace(/[^a-z0-9]/g, "");
    let shown = 0;
    let last = "";
    for (const row of rows) {
      const fits = row.querySelector("code").textContent.startsWith(wanted);
      row.hidden = !fits;
      if (fits) { shown += 1; last = row.textContent; }
    }
    said.textContent = !wanted ? "" : shown === 0 ? said.dataset.none : shown === 1 ? last : String(shown);
  });
}

// The hash of a sentence, computed here: the sentence is not sent.
const lot = document.querySelector("[data-lot]");
const hash = document.querySelector("[data-lot-hash]");
if (lot && hash && window.crypto && crypto.subtle) {
  lot.hidden = false;
  const sentence = lot.querySelector("input");
  sentence.addEventListener("input", async () => {
    const text = sentence.value;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
    if (sentence.value !== text) return;
    hash.value = text ? [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") : "";
  });
}
