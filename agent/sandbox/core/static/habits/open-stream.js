// The page is told of news as they come, by a stream that has no end.
addEventListener("DOMContentLoaded", () => {
  if (location.pathname !== "/login") new EventSource("/stream");
});
