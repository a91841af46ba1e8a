// A site opened from disk has no server that turns a folder's address into its index.html.
if (location.protocol === "file:") {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && link.protocol === "file:" && link.pathname.endsWith("/")) {
      link.pathname += "index.html";
    }
  });
}

// The theme gives its search dialogue a role but no name.
document.querySelector("[data-md-component='search'][role='dialog']")?.setAttribute("aria-label", "Search");

// The theme adds bars with buttons to code, as so many landmarks without a name; and boxes that
// scroll but cannot be reached with the keyboard.
function mendTheme() {
  document.querySelectorAll(".md-code__nav:not([role])").forEach((bar) => bar.setAttribute("role", "none"));
  document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code").forEach((box) => {
    if (box.scrollWidth > box.clientWidth && !box.hasAttribute("tabindex")) box.tabIndex = 0;
  });
}
new MutationObserver(mendTheme).observe(document.body, { childList: true, subtree: true });
addEventListener("resize", mendTheme);
mendTheme();

// Copies what stands before the button.
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const text = button.parentElement.querySelector("pre").textContent;
    const said = button.parentElement.querySelector("[role='status']");
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "The browser did not allow it; select the text and copy it.";
    }
  });
});

// The page for addresses that lead nowhere: a record without a page of its own is shown by its id.
const missing = document.querySelector("[data-missing]");
if (missing) {
  const id = location.pathname.split("/").filter(Boolean).pop() || "";
  if (/^(act|evt|plc|prp|src)-[a-z0-9-]+$/.test(id)) {
    location.replace(`${missing.dataset.missing}#${id}`);
  }
}

// What versions there are now, a page that was made earlier can only ask.
const versions = document.querySelector(".al-versions");
if (versions && location.protocol !== "file:") {
  const { root, page, version } = versions.dataset;
  fetch(`${root}versions.json`)
    .then((answer) => answer.json())
    .then(({ versions: all }) => {
      const banner = document.querySelector(".al-edition__text");
      if (banner && all.length) {
        const link = banner.querySelector("[data-newest]");
        banner.firstChild.textContent = banner.firstChild.textContent.replace(
          "There is a newer one.",
          `The newest release is ${all[0].version}.`,
        );
        link.textContent = "This page there";
      }
      if (all.length < 2) return;
      const box = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = `Release ${version}`;
      const list = document.createElement("ul");
      for (const one of all) {
        const link = document.createElement("a");
        link.href = `${root}${one.path}${page}`;
        link.textContent = `${one.version}, ${one.date}`;
        if (one.version === version) link.setAttribute("aria-current", "true");
        const item = document.createElement("li");
        item.append(link);
        list.append(item);
      }
      box.append(summary, list);
      versions.replaceChildren(box);
    })
    .catch(() => {}); // the link to all releases stays
}

// On paper everything stands open.
addEventListener("beforeprint", () => {
  document.querySelectorAll("details:not([open])").forEach((one) => {
    one.open = true;
    one.dataset.printed = "";
  });
});
addEventListener("afterprint", () => {
  document.querySelectorAll("details[data-printed]").forEach((one) => {
    one.open = false;
    delete one.dataset.printed;
  });
});
