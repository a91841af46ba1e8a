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

// Copies what stands before the button.
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const text = button.parentElement.querySelector("code").textContent;
    const said = button.parentElement.querySelector("[role='status']");
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "The browser did not allow it; select the text and copy it.";
    }
  });
});
