"use strict";
const rules = [...document.querySelectorAll("article")];
const texts = rules.map((rule) => rule.textContent.toLowerCase());
const search = document.getElementById("search");
const table = document.getElementById("table");
const contract = document.getElementById("contract");
const kinds = [...document.querySelectorAll(".pick input[value]:not(#contract)")];
function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = new Set(kinds.filter((box) => box.checked).map((box) => box.value));
  let shown = 0;
  rules.forEach((rule, index) => {
    const fits = wanted.has(rule.dataset.severity)
      && (!table.value || rule.dataset.table === table.value)
      && (contract.checked || rule.dataset.origin !== "contract")
      && words.every((word) => texts[index].includes(word));
    rule.hidden = !fits;
    shown += fits;
  });
  document.getElementById("shown").value = shown + " of " + rules.length;
  document.getElementById("none").hidden = shown > 0;
}
for (const part of [search, table, contract, ...kinds]) part.addEventListener("input", show);
show();
