// The rehearsal page: draws what the server says is so, and sends what the person does.
import { bubble, el, hue } from "./messages.js";
import { buildTable, drawTable } from "./table.js";

const $ = (id) => document.getElementById(id);
const me = { who: "lin", where: "group" };
const drawn = new Map();
const seen = new Map();
let setting;
let now;
let replyTo = null;
let busy = false;

const t = (key, values = {}) =>
  Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), setting.texts[key] ?? key);
const person = (key) => setting.people.find((one) => one.key === key);
const chatOf = (who, where) => (where === "group" ? "group" : who);
const seenKey = (who, where) => `${who}:${chatOf(who, where)}`;

// -- asking and doing ---------------------------------------------------------------------------------

async function post(path, body, raw) {
  const headers = raw ? { "x-rehearsal": "1" } : { "x-rehearsal": "1", "content-type": "application/json" };
  try {
    const response = await fetch(path, { method: "POST", headers, body: raw ?? JSON.stringify(body) });
    const answer = await response.json();
    if (answer.error) toast(answer.error, true);
    else if (answer.alert) alarm(answer.toast);
    else if (answer.toast) toast(answer.toast);
    return response.ok ? answer : null;
  } catch {
    toast(t("offline"), true);
    return null;
  }
}

const act = (deed) => post("/act", deed);

async function say(text) {
  const deed = { does: "says", who: me.who, where: me.where, text };
  if (replyTo) deed.reply_to = replyTo.id;
  stopReplying();
  const done = await act(deed);
  await refresh(true);
  return done;
}

async function press(message, button) {
  if (button.copied) return copy(button.copied);
  if (button.url) return open_(button.url);
  const words = button.data.slice(button.data.indexOf(":") + 1).replace(/[[*?]/g, "[$&]");
  await act({ does: "presses", who: me.who, where: me.where, words, message: message.id });
  return refresh();
}

async function open_(url) {
  const link = /^(?:https?:\/\/)?t\.me\/(\w+)(?:\?start=([\w-]*))?$/.exec(url);
  if (!link || link[1] !== setting.bot.username) return toast(t("leaves", { url }));
  look(me.who, "private");
  await act({ does: "starts", who: me.who, payload: link[2] ?? "" });
  return refresh(true);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("copied"));
  } catch {
    toast(byHand(text) ? t("copied") : t("copy_failed"));
  }
}

function byHand(text) {
  const area = el("textarea", { class: "offstage" });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

// -- toasts, alerts, pictures -------------------------------------------------------------------------

function toast(text, bad = false) {
  const box = el("p", { class: bad ? "toast bad" : "toast" }, text);
  $("toasts").replaceChildren(box);
  setTimeout(() => box.remove(), 2600 + 45 * text.length);
}

function alarm(text) {
  $("alert-text").textContent = text;
  $("alert").showModal();
}

function enlarge(url) {
  $("viewer-image").src = url;
  $("viewer").showModal();
}

// -- the chat -----------------------------------------------------------------------------------------

const acts = { press, copy, say, open: open_, enlarge, reply: startReplying };

function startReplying(message) {
  replyTo = message;
  $("replying-to").textContent = `${t("reply_to", { name: message.sender })}: ${message.text.split("\n")[0]}`;
  $("replying").hidden = false;
  $("text").focus();
}

function stopReplying() {
  replyTo = null;
  $("replying").hidden = true;
}

function drawChat(toEnd) {
  const box = $("messages");
  const chat = now.chat;
  const here = seenKey(me.who, me.where);
  const changedChat = box.dataset.chat !== here;
  const atEnd = changedChat || toEnd || box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  if (changedChat) drawn.clear();
  box.dataset.chat = here;
  const nodes = [];
  let day = null;
  for (const message of chat.messages) {
    if (message.day !== day) nodes.push(el("p", { class: "service day" }, dayText(message.day)));
    day = message.day;
    const mark = JSON.stringify(message);
    let known = drawn.get(message.id);
    if (!known || known.mark !== mark) {
      known = { mark, node: bubble(message, chat.messages, chat.group, acts, t) };
      drawn.set(message.id, known);
    }
    if (known.node) nodes.push(known.node);
  }
  if (!chat.messages.length) nodes.push(el("p", { class: "service" }, t(chat.group ? "empty" : "empty_private")));
  box.replaceChildren(...nodes);
  $("chat-title").textContent = chat.title;
  $("chat-about").textContent = chat.group ? t("members", { count: chat.members }) : `${t("bot")} · ${t("only_you")}`;
  drawPinned(chat.pinned);
  const opened = me.where === "group" || now.opened.includes(me.who);
  $("composer").classList.toggle("closed", !opened);
  $("start").hidden = opened;
  if (atEnd) {
    box.scrollTop = box.scrollHeight;
    for (const image of box.querySelectorAll("img")) image.addEventListener("load", () => { box.scrollTop = box.scrollHeight; }, { once: true });
  }
}

function drawPinned(pinned) {
  const bar = $("pinned");
  bar.hidden = !pinned;
  if (!pinned) return;
  const [first, ...rest] = pinned.text.split("\n");
  bar.dataset.id = pinned.id;
  bar.replaceChildren(el("small", {}, t("pinned")), el("b", {}, first), el("span", {}, rest.join(" · ")));
}

function jump(id) {
  const message = $("messages").querySelector(`[data-id="${id}"]`);
  if (!message) return;
  message.scrollIntoView({ block: "center", behavior: "smooth" });
  message.classList.remove("found");
  requestAnimationFrame(() => message.classList.add("found"));
}

function dayText(day) {
  const [, month, date] = day.split("-");
  return t("today", { month: Number(month), day: Number(date) });
}

// -- people and chats ---------------------------------------------------------------------------------

const unread = (who, where) => Math.max(0, (now.newest[chatOf(who, where)] ?? 0) - (seen.get(seenKey(who, where)) ?? 0));

function badge(count) {
  return count ? el("span", { class: "badge", title: t("unread", { count }) }, count > 99 ? "99+" : String(count)) : null;
}

function face(name) {
  const letter = name.length === 2 ? name[1] : name[0]; // 小美 is called by the second character
  return el("span", { class: "face", hue: hue(name), "aria-hidden": "true" }, letter);
}

function drawPeople() {
  $("faces").replaceChildren(...setting.people.map((one) => el("button", {
    type: "button", class: "person", role: "radio", "aria-checked": String(one.key === me.who), onclick: () => look(one.key, me.where),
  }, face(one.name), el("span", { class: "person-text" }, el("b", {}, one.name), el("small", {}, one.role)), one.key === me.who ? null : badge(unread(one.key, "private")))));
  const chats = [["group", t("group"), now.groupTitle], ["private", t("private"), setting.bot.name]];
  $("chats").replaceChildren(...chats.map(([where, title, name]) => el("button", {
    type: "button", class: "chat-tab", "aria-current": String(where === me.where), onclick: () => look(me.who, where),
  }, el("span", { class: "person-text" }, el("b", {}, title), el("small", {}, name ?? "")), badge(unread(me.who, where)))));
}

async function look(who, where) {
  if (who === me.who && where === me.where) return;
  me.who = who;
  me.where = where;
  stopReplying();
  await refresh(true);
}

// -- script, clock, troubles --------------------------------------------------------------------------

const actors = (step) => step.who.length > 3 ? t("everybody") : step.who.map((key) => person(key).name).join(" ");
const steps = () => setting.acts.flatMap((one) => one.steps);

function buildScript() {
  let index = 0;
  $("acts").replaceChildren(...setting.acts.map((one) => el("section", {}, el("h3", {}, one.title), ...one.steps.map((step) => {
    const number = index++;
    return el("button", { type: "button", class: "step", "data-step": number, title: t("play_until"), onclick: () => play({ until: number }) },
      el("span", { class: "step-at" }, step.at), el("span", { class: "step-text" }, el("b", {}, actors(step)), " ", step.note));
  }))));
}

function drawScript() {
  const all = steps();
  const over = now.position >= all.length;
  $("count").textContent = t("steps", { done: now.position, all: all.length });
  for (const node of $("acts").querySelectorAll(".step")) {
    const number = Number(node.dataset.step);
    node.classList.toggle("done", number < now.position);
    const current = number === now.position;
    if (current && !node.classList.contains("current")) requestAnimationFrame(() => keepInView(node));
    node.classList.toggle("current", current);
  }
  const title = busy ? t("playing") : t("next");
  for (const id of ["next", "dock-next"]) {
    $(id).textContent = `▶ ${title}`;
    $(id).disabled = busy || over;
  }
  $("skip").disabled = busy || over;
  const step = all[now.position];
  $("dock-note").textContent = over ? t("over") : `${step.at} ${actors(step)} · ${step.note}`;
}

function keepInView(node) {
  const list = $("acts");
  list.scrollTop = node.offsetTop - list.offsetTop - list.clientHeight / 3;
}

async function play(asked) {
  if (busy || asked.until < now.position) return;
  busy = true;
  drawScript();
  const played = await post("/script", asked);
  busy = false;
  await refresh(true);
  const last = steps()[now.position - 1];
  if (last && $("follow").checked) await look(...last.look);
  if (played) document.body.classList.remove("panel-open");
}

function drawClock() {
  const [day, time] = now.now.split("T");
  const [, month, date] = day.split("-");
  const text = `${t("today", { month: Number(month), day: Number(date) })} ${time.slice(0, time.slice(6, 8) === "00" ? 5 : 8)}`;
  $("time").textContent = text;
  $("head-clock").textContent = text;
  $("due").disabled = !now.due;
  $("due").textContent = now.due ? `${t("due")} · ${t("due_at", { time: dueText(day) })}` : t("due_none");
  const field = $("set-time");
  field.min = now.now.slice(0, 16);
  if (document.activeElement !== field) field.value = now.now.slice(0, 16);
}

function dueText(today) {
  const [day, time] = now.due.split("T");
  const [, month, date] = day.split("-");
  const clock = time.slice(0, 8).replace(/:00$/, "");
  return day === today ? clock : `${t("today", { month: Number(month), day: Number(date) })} ${clock}`;
}

async function wind(deed) {
  await act({ does: "winds", ...deed });
  await refresh();
}

function drawTroubles() {
  for (const node of $("troubles").children) {
    const active = now.troubles.active.includes(node.dataset.kind);
    node.classList.toggle("active", active);
    node.querySelector(".mark").textContent = active ? t("active") : "";
  }
  $("troubles-mark").textContent = now.troubles.active.map((kind) => t(kind)).join(" · ");
  $("clear").disabled = !now.troubles.active.length;
  const hits = [...now.troubles.hits].reverse();
  $("hits").replaceChildren(...hits.map((hit) => el("li", {}, t(`hit_${hit.kind}`, hit))));
}

// -- what is so ---------------------------------------------------------------------------------------

let asked = 0;

async function refresh(toEnd = false) {
  const mine = ++asked;
  const { who, where } = me;
  let found;
  try {
    const response = await fetch(`/view?who=${who}&where=${where}`);
    found = await response.json();
  } catch {
    return;
  }
  if (mine !== asked) return toEnd && refreshSoon(); // a newer question is on its way
  now = found;
  now.groupTitle = setting.groupTitle;
  if (!document.hidden) seen.set(seenKey(who, where), now.newest[chatOf(who, where)]);
  drawPeople();
  drawScript();
  drawClock();
  drawTroubles();
  drawTable();
  drawChat(toEnd); // last, because the others decide how much room it has
  document.body.dataset.ready = "yes";
}

let soon = null;
function refreshSoon() {
  soon ??= setTimeout(() => { soon = null; refresh(); }, 60);
}

function listen() {
  const events = new EventSource("/events");
  events.onopen = () => { $("offline").hidden = true; };
  events.onmessage = (event) => { if (Number(event.data) !== now?.version) refreshSoon(); };
  events.onerror = () => { $("offline").textContent = t("offline"); $("offline").hidden = false; };
}

// -- writing ------------------------------------------------------------------------------------------

function grow() {
  const field = $("text");
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 140)}px`;
  suggest(field.value);
}

function suggest(value) {
  const typed = /^\/(\w*)$/.exec(value);
  const found = typed ? setting.commands.filter((one) => one.name.startsWith(typed[1])) : [];
  $("suggest").hidden = !found.length;
  $("suggest").replaceChildren(...found.map((one) => el("button", {
    type: "button", onclick: () => { $("text").value = `/${one.name} `; $("text").focus(); grow(); },
  }, el("b", {}, `/${one.name}`), " ", one.text)));
}

async function submit(event) {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  $("text").value = "";
  grow();
  if (!(await say(text)) && !$("text").value) $("text").value = text;
}

function buildSamples() {
  const close = () => { $("samples").hidden = true; };
  const ready = setting.samples.map((sample) => el("button", { type: "button", role: "menuitem", onclick: async () => {
    close();
    await act({ does: "sends", who: me.who, where: me.where, sample });
    await refresh(true);
  } }, t(`sample_${sample}`)));
  const own = el("button", { type: "button", role: "menuitem", onclick: () => { close(); $("own-file").click(); } }, t("own_file"));
  $("samples").replaceChildren(...ready, own);
}

async function sendOwn() {
  const [file] = $("own-file").files;
  $("own-file").value = "";
  if (!file) return;
  const asked = new URLSearchParams({ ...me, name: file.name });
  await post(`/upload?${asked}`, null, file);
  await refresh(true);
}

// -- the spreadsheet ----------------------------------------------------------------------------------

function turn(table) {
  document.body.classList.toggle("with-table", table);
  $("mode-table").setAttribute("aria-selected", String(table));
  $("mode-script").setAttribute("aria-selected", String(!table));
  drawTable();
}

// Whoever owns the shop asks the bot to bind it, in private.
async function bind(words) {
  await look(setting.people[0].key, "private");
  document.body.classList.remove("panel-open");
  if (!now.opened.includes(me.who)) return toast(t("open_first"), true);
  await say(words);
}

// -- beginning ----------------------------------------------------------------------------------------

function connect() {
  $("composer").addEventListener("submit", submit);
  $("text").addEventListener("input", grow);
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
    if (event.key === "Escape") stopReplying();
  });
  $("attach").addEventListener("click", (event) => { event.stopPropagation(); $("samples").hidden = !$("samples").hidden; });
  document.addEventListener("click", () => { $("samples").hidden = true; });
  $("own-file").addEventListener("change", sendOwn);
  $("start").addEventListener("click", async () => { await act({ does: "starts", who: me.who }); await refresh(true); });
  $("replying-off").addEventListener("click", stopReplying);
  $("next").addEventListener("click", () => play({}));
  $("dock-next").addEventListener("click", () => play({}));
  $("skip").addEventListener("click", async () => { await post("/script", { skip: true }); await refresh(); });
  $("due").addEventListener("click", () => wind({}));
  $("set-clock").addEventListener("submit", (event) => { event.preventDefault(); wind({ to: `${$("set-time").value}:00+08:00` }); });
  $("clear").addEventListener("click", async () => { await post("/trouble", {}); await refresh(); });
  $("pinned").addEventListener("click", () => jump($("pinned").dataset.id));
  $("alert-ok").addEventListener("click", () => $("alert").close());
  $("viewer-off").addEventListener("click", () => $("viewer").close());
  $("viewer").addEventListener("click", (event) => { if (event.target.id !== "viewer-image") $("viewer").close(); });
  $("open-panel").addEventListener("click", () => document.body.classList.add("panel-open"));
  $("close-panel").addEventListener("click", () => document.body.classList.remove("panel-open"));
  $("mode-script").addEventListener("click", () => turn(false));
  $("mode-table").addEventListener("click", () => turn(true));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
}

function build() {
  document.documentElement.lang = setting.lang;
  document.title = `${t("title")} · ${setting.shop}`;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = t(node.dataset.text);
  $("text").placeholder = t("placeholder");
  $("text").setAttribute("aria-label", t("placeholder"));
  $("send").title = t("send");
  $("attach").title = t("attach");
  $("start").textContent = t("start");
  $("alert-ok").textContent = t("ok");
  $("open-panel").title = t("panel");
  for (const id of ["close-panel", "viewer-off"]) $(id).title = t("close");
  $("replying-off").title = t("cancel");
  $("temporary").textContent = t("temporary", { data: setting.data });
  $("minutes").replaceChildren(...[1, 5, 15, 60].map((count) =>
    el("button", { type: "button", class: "grow", onclick: () => wind({ minutes: count }) }, t("minutes", { count }))));
  $("troubles").replaceChildren(...setting.troubles.map((kind) => el("button", {
    type: "button", class: "trouble", "data-kind": kind, onclick: async () => { await post("/trouble", { kind }); await refresh(); },
  }, el("b", {}, t(kind)), el("span", { class: "mark" }), el("small", {}, t(`${kind}_does`)))));
  buildSamples();
  buildScript();
  buildTable({ t, post, toast, refresh, bind });
}

async function begin() {
  setting = await (await fetch("/setting")).json();
  const asked = new URLSearchParams(location.hash.slice(1));
  if (setting.people.some((one) => one.key === asked.get("who"))) me.who = asked.get("who");
  if (asked.get("where") === "private") me.where = "private";
  if (asked.has("table")) turn(true);
  if (asked.has("panel")) document.body.classList.add("panel-open");
  build();
  connect();
  await refresh(true);
  listen();
}

begin();
