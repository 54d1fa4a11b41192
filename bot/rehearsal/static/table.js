// The spreadsheet beside the chat: what stands in the in-process Google, and what a person does in it.
import { el } from "./messages.js";

const $ = (id) => document.getElementById(id);
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
let page; // t, post, toast, refresh, bind: given by the page
let sheet = null;
let tab = "";
let chosen = { row: 1, column: 0 };
let editing = false;

export function buildTable(given) {
  page = given;
  const { t } = page;
  $("table-share").replaceChildren(...["", "reader", "writer"].map((role) => el("option", { value: role }, t(`share_${role || "none"}`))));
  $("table-share").addEventListener("change", () => work({ does: "shares", role: $("table-share").value }));
  $("table-fails").addEventListener("change", () => work({ does: "fails", on: $("table-fails").checked }));
  $("table-bind").addEventListener("click", () => page.bind(`/gsheet ${sheet.url}`));
  $("table-wait").addEventListener("click", () => work({ does: "waits" }));
  $("table-insert").addEventListener("click", () => work({ does: "inserts", tab, row: chosen.row }));
  $("table-delete").addEventListener("click", () => work({ does: "deletes", tab, row: chosen.row }));
  $("table-sort").addEventListener("click", () => work({ does: "sorts", tab, column: chosen.column }));
}

const isOpen = () => document.body.classList.contains("with-table");

async function work(deed) {
  const done = await page.post("/table", deed);
  await Promise.all([drawTable(), page.refresh()]);
  return done;
}

export async function drawTable() {
  if (!isOpen() || editing) return;
  try {
    sheet = await (await fetch(`/table?${new URLSearchParams({ tab })}`)).json();
  } catch {
    return;
  }
  if (editing) return; // somebody began to type meanwhile
  tab = sheet.tab;
  $("table-title").textContent = sheet.title;
  $("table-address").textContent = page.t("share_with", { address: sheet.address });
  $("table-share").value = sheet.shared;
  $("table-fails").checked = sheet.failing;
  $("table-tabs").replaceChildren(...sheet.tabs.map((title) => el("button", {
    type: "button", role: "tab", "aria-selected": String(title === tab), onclick: () => turnTo(title),
  }, title)));
  drawGrid();
}

function turnTo(title) {
  tab = title;
  chosen = { row: 1, column: 0 };
  drawTable();
}

function letters(column) {
  return column < 26 ? LETTERS[column] : letters(Math.floor(column / 26) - 1) + LETTERS[column % 26];
}

function drawGrid() {
  const { grid } = sheet;
  const columns = [...Array(grid.columns).keys()];
  const head = el("tr", {}, el("th", {}), ...columns.map((at) => el("th", { scope: "col", class: at === chosen.column ? "at" : "" }, letters(at))));
  const rows = grid.rows.map((cells, row) => el("tr", { class: row < grid.frozen ? "frozen" : "" },
    el("th", { scope: "row", class: row === chosen.row ? "at" : "" }, String(row + 1)),
    ...columns.map((column) => cell(cells[column] ?? { text: "" }, row, column))));
  $("table-grid").replaceChildren(el("thead", {}, head), el("tbody", {}, ...rows));
  $("table-more").textContent = grid.more ? page.t("more_rows", { count: grid.more }) : "";
  named();
}

function named() {
  const place = `${letters(chosen.column)}${chosen.row + 1}`;
  $("table-insert").textContent = page.t("insert_row", { row: chosen.row + 1 });
  $("table-delete").textContent = page.t("delete_row", { row: chosen.row + 1 });
  $("table-sort").textContent = page.t("sort_column", { column: letters(chosen.column) });
  $("table-place").textContent = place;
}

function cell(one, row, column) {
  const kinds = [one.tinted ? "tinted" : "", one.number ? "number" : "", sheet.grid.ours.includes(column) ? "ours" : ""];
  const here = row === chosen.row && column === chosen.column ? " chosen" : "";
  return el("td", { class: kinds.join(" ").trim() + here, tabindex: "0", title: one.text, "data-at": `${row}:${column}`,
    onclick: (event) => edit(event.currentTarget, one.text, row, column),
    onkeydown: (event) => { if (event.key === "Enter") edit(event.currentTarget, one.text, row, column); },
  }, one.text);
}

function edit(box, text, row, column) {
  if (box.querySelector("input")) return;
  chosen = { row, column };
  editing = true;
  $("table-grid").querySelector(".chosen")?.classList.remove("chosen");
  box.classList.add("chosen");
  const words = row >= sheet.grid.frozen ? sheet.grid.choices[column] : null;
  const field = el("input", { value: text, list: words ? "table-words" : null, "aria-label": `${letters(column)}${row + 1}` });
  $("table-words").replaceChildren(...(words ?? []).map((word) => el("option", { value: word })));
  let over = false;
  const end = async (keep, step) => {
    if (over) return;
    over = true;
    editing = false;
    if (step) chosen = { row: row + 1, column };
    if (!keep || field.value === text) return drawTable();
    if (sheet.grid.ours.includes(column)) page.toast(page.t("column_ours"));
    await work({ does: "types", tab, row, column, text: field.value });
  };
  field.addEventListener("click", (event) => event.stopPropagation());
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" && !event.isComposing) end(true, true);
    if (event.key === "Escape") end(false);
  });
  field.addEventListener("blur", () => end(true));
  box.replaceChildren(field);
  named();
  field.focus();
  field.select();
}
