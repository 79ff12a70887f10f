// The page asks before it is left, as those do that hold what was typed.
addEventListener("beforeunload", (event) => {
  event.preventDefault();
  event.returnValue = "未保存";
});
