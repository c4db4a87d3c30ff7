"use strict";
document.getElementById("signin").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const said = form.querySelector("[role=alert]");
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(Object.fromEntries(new FormData(form))),
  });
  const result = await answer.json().catch(() => ({}));
  if (answer.ok) {
    sessionStorage.setItem("token", result.token);
    location.assign(new URLSearchParams(location.search).get("next") || "/");
    return;
  }
  said.textContent = result.error || "sign-in failed";
  said.hidden = false;
});
