// Reloads the page when the site has changed, and tells what keeps it from changing.
const told = document.createElement("div");
told.setAttribute("role", "alert");
told.id = "al-preview";
told.hidden = true;
document.body.prepend(told);

function tell(problems, rest) {
  told.replaceChildren();
  told.hidden = !problems.length;
  if (!problems.length) return;
  const head = document.createElement("p");
  head.textContent = "The records have problems; this is the last good site.";
  const list = document.createElement("ul");
  for (const problem of problems) {
    const item = document.createElement("li");
    item.textContent = problem;
    list.append(item);
  }
  told.append(head, list);
  if (rest) {
    const more = document.createElement("p");
    more.textContent = `and ${rest} more, in the terminal`;
    told.append(more);
  }
}

let shown = -1;
let seen = -1;
for (;;) {
  try {
    const answer = await fetch(`/-/state?after=${seen}`, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    const state = await answer.json();
    if (shown >= 0 && state.site !== shown) location.reload();
    shown = state.site;
    seen = state.number;
    tell(state.problems, state.rest);
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 1000)); // the server ended, or begins anew
  }
}
