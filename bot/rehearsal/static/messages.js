// Draws messages. What somebody wrote only ever becomes text nodes; markup is built from Telegram's entities.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "hue") node.style.setProperty("--hue", value); // the page's policy forbids style attributes
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", blockquote: "blockquote",
  expandable_blockquote: "blockquote", pre: "pre", code: "code", hashtag: "b", mention: "b", text_mention: "b",
};

// Telegram counts offsets in UTF-16 units, as JavaScript strings do.
export function formatted(text, entities, acts) {
  const wanted = entities.map((one) => ({ ...one, end: one.offset + one.length }));
  wanted.sort((a, b) => a.offset - b.offset || b.end - a.end);
  return piece(text, 0, text.length, wanted, acts);
}

function piece(text, from, to, entities, acts) {
  const made = document.createDocumentFragment();
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [first, ...others] = rest;
    const end = Math.min(first.end, to);
    if (first.offset >= to) break;
    if (first.offset < at) { rest = others; continue; }
    made.append(text.slice(at, first.offset));
    const inside = others.filter((one) => one.offset < end);
    const wrapped = wrapper(first, text.slice(first.offset, end), acts);
    wrapped.append(piece(text, first.offset, end, inside, acts));
    made.append(wrapped);
    at = end;
    rest = others.filter((one) => one.offset >= end);
  }
  made.append(text.slice(at, to));
  return made;
}

function wrapper(entity, said, acts) {
  if (entity.type === "code") {
    return el("code", { class: "copyable", tabindex: "0", onclick: () => acts.copy(said) });
  }
  if (entity.type === "bot_command") {
    return el("button", { type: "button", class: "command", onclick: () => acts.say(said) });
  }
  if (entity.type === "url" || entity.type === "text_link") {
    const url = entity.url ?? said;
    return el("button", { type: "button", class: "link", title: url, onclick: () => acts.open(url) });
  }
  if (entity.type === "spoiler") {
    return el("span", { class: "spoiler", onclick: (event) => event.currentTarget.classList.add("seen") });
  }
  return el(TAGS[entity.type] ?? "span");
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

const HUES = [265, 205, 335, 150, 28, 185];
const met = new Map();

// Everybody has a colour of their own, given in the order in which they are first drawn.
export function hue(name) {
  if (!met.has(name)) met.set(name, HUES[met.size % HUES.length]);
  return met.get(name);
}

const ICONS = {
  copy: "M8 8V4h12v12h-4M4 8h12v12H4z",
  link: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  silent: "M6 17h9M5 17c2-2 2-4 2-7a5 5 0 0 1 8-4m3 4c0 3 0 5 2 7M10.500 20a2 2 0 0 0 3 0M3 3l18 18",
};

function icon(name) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  picture.append(path);
  return picture;
}

function service(message, t) {
  const words = { pinned_message: t("pinned_message"), new_chat_members: t("joined") }[message.service];
  return words ? el("p", { class: "service" }, words) : null;
}

function photo(file, acts, t) {
  const image = el("img", { src: file.url, alt: t("photo"), loading: "lazy" });
  const open = () => acts.enlarge(file.url);
  return el("button", { type: "button", class: "photo", title: t("enlarge"), onclick: open }, image);
}

function document_(file, t) {
  const icon = el("span", { class: "file-icon", "aria-hidden": "true" }, file.name.split(".").pop().slice(0, 4));
  const told = el("span", { class: "file-text" }, el("b", {}, file.name), el("small", {}, `${size(file.size)} · ${t("download")}`));
  return el("a", { class: "file", href: file.url, download: file.name }, icon, told);
}

function buttons(message, acts) {
  if (!message.rows.length) return null;
  const rows = message.rows.map((row) => el("div", { class: "keys" }, ...row.map((one) => key(message, one, acts))));
  return el("div", { class: "keyboard" }, ...rows);
}

function key(message, one, acts) {
  const mark = one.copied ? icon("copy") : one.url ? icon("link") : null;
  const press = async (event) => {
    const pressed = event.currentTarget;
    pressed.classList.add("busy");
    await acts.press(message, one);
    pressed.classList.remove("busy");
  };
  return el("button", { type: "button", class: "key", onclick: press }, el("span", {}, one.text), mark);
}

function quoted(message, all) {
  const other = message.reply_to && all.find((one) => one.id === message.reply_to);
  if (!other) return null;
  return el("p", { class: "quoted" }, el("b", {}, other.sender), " ", other.text.split("\n")[0].slice(0, 80) || other.document?.name || "");
}

export function bubble(message, all, group, acts, t) {
  if (message.service) return service(message, t);
  const meta = el("span", { class: "meta" },
    message.silent ? el("span", { title: t("silent") }, icon("silent"), " ") : null,
    message.edited ? `${t("edited", { time: message.edited })} ` : message.time);
  const sender = group && !message.mine
    ? el("p", { class: "sender", hue: hue(message.sender) }, message.sender, message.bot ? el("small", {}, t("bot")) : null) : null;
  const box = el("div", { class: "bubble" }, sender, quoted(message, all),
    message.photo ? photo(message.photo, acts, t) : null,
    message.document ? document_(message.document, t) : null,
    message.text ? el("div", { class: "text" }, formatted(message.text, message.entities, acts)) : null, meta);
  const reply = el("button", { type: "button", class: "reply plain", title: t("reply"), onclick: () => acts.reply(message) }, "↩");
  const kind = `message ${message.mine ? "mine" : "theirs"}${message.photo ? " with-photo" : ""}`;
  return el("article", { class: kind, "data-id": message.id }, el("div", { class: "line" }, box, reply), buttons(message, acts));
}
