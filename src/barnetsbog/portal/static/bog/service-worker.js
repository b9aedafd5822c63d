/* What a telephone keeps without a net: our static files, a page that says that there is no net, and, only when
   somebody has pressed for it, one copy of their own next appointments. The copy goes when its session does: at
   log-out, at the log-in page, and by itself at the moment when the server would have ended the session. */
"use strict";

const STATIC = "bog-static-1", COPY = "bog-copy", UNTIL = "/bog-copy-until";
const OFFLINE = "/om/uden-net/", COPY_PAGE = "/familie/uden-net/";
const PARTS = [
  "/static/dkfds/css/dkfds.min.css", "/static/bog/bog.css", "/static/bog/icon.svg", "/static/bog/app.js",
  "/static/bog/bog.js",
];

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(STATIC).then(async (cache) => {
    await cache.addAll(PARTS);
    await cache.put(OFFLINE, await fetch(OFFLINE, { credentials: "omit" }));
  }));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) { if (name !== STATIC && name !== COPY) { await caches.delete(name); } }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) { return; }
  if (event.request.mode === "navigate") { event.respondWith(page(event.request, url.pathname)); }
  else if (event.request.method === "GET" && url.pathname.startsWith("/static/")) { event.respondWith(part(event.request)); }
});

self.addEventListener("message", (event) => {
  const told = event.data, answer = event.ports[0];
  const done = told.save ? save(told.left) : told.forget ? caches.delete(COPY).then(() => true) : keep(told.left);
  event.waitUntil(done.then((good) => { if (answer) { answer.postMessage(good); } }));
});

/* The net comes first, so that nobody works with an old page; what is kept is for when there is none. */
async function page(request, path) {
  if (path.startsWith("/log-ind/") || path.startsWith("/log-af/")) { await caches.delete(COPY); }
  try {
    return await fetch(request);
  } catch (fault) {
    return (path.startsWith("/familie/") && await copy()) || await caches.match(OFFLINE) || Response.error();
  }
}

async function part(request) {
  try {
    const found = await fetch(request);
    if (found.ok) { await (await caches.open(STATIC)).put(request, found.clone()); }
    return found;
  } catch (fault) {
    return (await caches.match(request)) || Response.error();
  }
}

async function copy() {
  const cache = await caches.open(COPY), until = await cache.match(UNTIL);
  if (until && Number(await until.text()) > Date.now()) { return cache.match(COPY_PAGE); }
  await caches.delete(COPY);
  return undefined;
}

async function save(left) {
  try {
    const found = await fetch(COPY_PAGE + "?kopi=1", { credentials: "same-origin", redirect: "error" });
    if (!found.ok) { return false; }
    const cache = await caches.open(COPY);
    await cache.put(COPY_PAGE, found);
    await ends(cache, left);
    return true;
  } catch (fault) {
    return false;
  }
}

/* The session goes on while somebody is there, and the copy with it. */
async function keep(left) {
  if (await copy()) { await ends(await caches.open(COPY), left); }
  return true;
}

function ends(cache, left) {
  return cache.put(UNTIL, new Response(String(Date.now() + left * 1000)));
}
