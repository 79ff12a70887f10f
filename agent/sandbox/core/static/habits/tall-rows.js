// Rows are tall, as those with pictures of the goods are, so that a list ends below the window.
addEventListener("DOMContentLoaded", () => {
  const style = document.createElement("style");
  style.textContent = "tbody tr { height: 420px }";
  document.head.append(style);
});
