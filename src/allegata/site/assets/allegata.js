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
