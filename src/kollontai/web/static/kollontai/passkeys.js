// Keys in one's own device. A form with data-passkey="get" or "create" asks the server what to ask the
// device (data-options), puts the device's answer into its field "answer" and is sent like any other form.
// Without this file everything else on the page works as it does.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const keys = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

async function ask(kind, options) {
  options.challenge = bytes(options.challenge);
  if (kind === "create") {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = keys(options.excludeCredentials);
    return navigator.credentials.create({ publicKey: options });
  }
  options.allowCredentials = keys(options.allowCredentials);
  return navigator.credentials.get({ publicKey: options });
}

function written(key) {
  const response = { clientDataJSON: text(key.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[part]) response[part] = text(key.response[part]);
  }
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: {} });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.querySelector("[data-passkey-button]").disabled = false;
  form.querySelector("[data-passkey-without]").hidden = true;
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    try {
      const asked = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
      form.elements.answer.value = written(await ask(form.dataset.passkey, await asked.json()));
      form.submit();
    } catch {
      const failed = form.querySelector("[data-passkey-failed]");
      failed.hidden = false;
      failed.setAttribute("role", "alert");
    }
  });
}
