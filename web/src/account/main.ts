// SPDX-License-Identifier: Apache-2.0
// The customer's page: no framework, a few kilobytes. One screen at a time, by its address; the sign-in comes in front of a
// screen whose session ended, and the screen is there again, as it was, behind it.
import { isCode } from "../api/http";
import type { CustomerWithWallets, Site } from "../api/types";
import { make } from "../dom";
import { currentLanguage, rememberLanguage, type SiteLanguage } from "../i18n/choice";
import { own } from "./api";
import { openPage } from "./by_link";
import { cashScreen } from "./cash";
import { confirmScreen } from "./confirm";
import { button, sentenceFor, type Context, type Screen } from "./context";
import { detailsScreen } from "./details";
import { exchangeScreen } from "./exchange";
import { home } from "./home";
import { identityScreen } from "./identity";
import { Intents, lastingStorage } from "./intent";
import { limitsScreen } from "./limits";
import { linkOf } from "./link";
import { ownRequestScreen, ownRequestsScreen } from "./own_requests";
import { payScreen } from "./pay";
import { paymentScreen } from "./payment";
import { receiveScreen } from "./receive";
import { requestScreen } from "./request";
import { schedulesScreen } from "./schedules";
import { outsideScreen } from "./outside";
import { securityScreen } from "./security";
import { signInPanel } from "./sign_in";
import { twoStepScreen } from "./two_step";
import { words } from "./words";

const root = document.getElementById("account");
if (root === null) throw new Error("account.html has no #account");
const main = make("main", { id: "main" });
const banner = make("div", {});
const top = make("header", { class: "top" });
root.replaceChildren(banner, top, main);

let language: SiteLanguage = currentLanguage();
let site: Site | null = null;
let me: CustomerWithWallets | null = null;
let screen: Screen | null = null;
let door: (() => void) | null = null; // what to do once somebody signed in; null where nobody is asked to
const intents = new Intents(lastingStorage(() => localStorage));
intents.tidy();

const t = () => words[language];

function contextFor(who: CustomerWithWallets): Context {
  const context: Context = {
    language,
    t: t(),
    me: who,
    site,
    intents,
    go,
    refreshMe: async () => {
      context.me = me = await own.me();
    },
    sessionEnded: (again) => ask(t().signIn.ended, who.id, again),
  };
  return context;
}

function screenFor(context: Context): Screen {
  const [, , page = "", item = ""] = location.pathname.split("/");
  const named = decodeURIComponent(item);
  switch (page) {
    case "pay":
      return payScreen(context, location.search);
    case "confirm":
      return confirmScreen(context, named);
    case "receive":
      return receiveScreen(context);
    case "add":
      return cashScreen(context, "add");
    case "withdraw":
      return cashScreen(context, "withdraw");
    case "exchange":
      return exchangeScreen(context);
    case "request":
      return requestScreen(context, location.search);
    case "schedules":
      return schedulesScreen(context);
    case "identity":
      return identityScreen(context);
    case "limits":
      return limitsScreen(context);
    case "security":
      return securityScreen(context);
    case "two-step":
      return twoStepScreen(context);
    case "requests":
      return item === "" ? ownRequestsScreen(context) : ownRequestScreen(context, named);
    case "details":
      return detailsScreen(context);
    case "payments":
      return paymentScreen(context, named);
    default:
      return home(context, location.search);
  }
}

function show(next: Screen, focus: boolean): void {
  screen?.close?.();
  screen = next;
  door = null;
  document.title = `${next.title} · OKPay`;
  main.replaceChildren(next.element);
  drawTop();
  if (!focus) return;
  window.scrollTo(0, 0);
  next.element.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}

function go(path: string, how: "push" | "replace" = "push"): void {
  history[how === "push" ? "pushState" : "replaceState"](null, "", path);
  if (showOutside()) return;
  if (me !== null) show(screenFor(contextFor(me)), true);
}

// The door. The screen behind it keeps what was typed, for the same person.
function ask(notice: string, owner: string | null, again: () => void): void {
  if (door !== null) {
    const before = door;
    door = () => {
      before();
      again();
    };
    return;
  }
  door = again;
  const entered = async () => {
    me = await own.me();
    const goOn = door;
    door = null;
    if (owner !== null && me.id === owner && screen !== null) {
      panel.remove();
      screen.element.hidden = false;
      drawTop();
      goOn?.();
      screen.element.querySelector<HTMLElement>("h1")?.focus();
    } else if (owner !== null && me.id !== owner) {
      go("/account", "replace"); // another person: nothing of the first is shown
    } else {
      goOn?.();
    }
  };
  const panel = signInPanel(t(), language, notice, { entered: () => void entered().catch(failed), go, site });
  if (screen !== null) screen.element.hidden = true;
  main.querySelector(".doorway")?.remove();
  main.prepend(panel);
  drawTop();
  panel.querySelector<HTMLElement>("h1")?.focus();
}

// What is for those who are not signed in, whoever is: a letter's link, sign-up. False where the address is of no such.
function showOutside(): boolean {
  const element = outsideScreen(
    {
      language,
      t: t(),
      site,
      go: (path) => {
        if (path !== "/account") return go(path);
        history.pushState(null, "", path);
        void start();
      },
      entered: () => {
        history.replaceState(null, "", "/account");
        void start();
      },
      say: (notice) => {
        me = null;
        history.replaceState(null, "", "/account");
        askFirst(notice);
      },
    },
    location.pathname,
    location.hash,
  );
  if (element === null) return false;
  const title = element.querySelector<HTMLElement>("h1");
  show({ title: title?.textContent ?? "", element }, false);
  title?.focus({ preventScroll: true });
  return true;
}

function askFirst(notice: string): void {
  main.replaceChildren();
  screen?.close?.();
  screen = null;
  door = null;
  document.title = `${t().signIn.title} · OKPay`;
  ask(notice, null, () => me !== null && show(screenFor(contextFor(me)), true));
}

function failed(error: unknown): void {
  main.replaceChildren(
    make("p", { class: "error", role: "alert" }, sentenceFor(error, t())),
    button("button", t().again, () => void start()),
  );
}

function signOut(): void {
  const owner = me?.id ?? "";
  const out = () => {
    intents.forget(owner);
    sessionStorage.clear();
    me = null;
    history.replaceState(null, "", "/account");
    askFirst(t().signIn.signedOut);
  };
  own.signOut().then(out, (error: unknown) => (isCode(error, "not_signed_in") ? out() : failed(error)));
}

function drawTop(): void {
  document.documentElement.lang = language;
  const demonstration = site?.demonstration === true;
  banner.replaceChildren(...(demonstration ? [make("p", { class: "demonstration" }, t().demonstration)] : []));
  const choice = make("select", { id: "language", class: "language", "aria-label": t().language });
  for (const one of Object.keys(words) as SiteLanguage[])
    choice.append(make("option", { value: one, lang: one }, words[one].name));
  choice.value = language;
  choice.addEventListener("change", () => {
    language = choice.value as SiteLanguage;
    rememberLanguage(language);
    // A screen drawn anew has its drafts; a door has none worth keeping.
    if (showOutside()) {
      // drawn anew; a password that was typed is typed again
    } else if (showOpenPage()) drawTop();
    else if (me !== null && door === null) show(screenFor(contextFor(me)), false);
    else if (me === null) askFirst(noticeAtDoor());
    else location.reload();
    document.getElementById("language")?.focus();
  });
  top.replaceChildren(
    make("a", { class: "skip", href: "#main" }, t().skip),
    make("a", { class: "mark", href: "/" }, "OKPay"),
    choice,
    ...(me === null || door !== null ? [] : [button("link", t().signOut, signOut)]),
  );
}

const noticeAtDoor = (): string =>
  (location.pathname.startsWith("/account/pay") && linkOf(location.search).to !== "") ||
  (location.pathname.startsWith("/account/request") && location.search !== "")
    ? t().signIn.toPay
    : "";

// Behind the link of a letter nobody needs to be signed in.
function showOpenPage(): boolean {
  const found = openPage(location.pathname, location.hash, { language, t: t() });
  if (found === null) return false;
  document.title = `${found.title} · OKPay`;
  main.replaceChildren(found.element);
  return true;
}

async function start(): Promise<void> {
  main.replaceChildren(make("p", { class: "quiet", role: "status" }, t().loading));
  drawTop();
  site = await own.site().catch(() => null);
  if (showOutside()) return;
  drawTop();
  if (showOpenPage()) return;
  try {
    me = await own.me();
    show(screenFor(contextFor(me)), false);
  } catch (error) {
    if (isCode(error, "not_signed_in")) askFirst(noticeAtDoor());
    else failed(error);
  }
}

window.addEventListener("hashchange", () => void showOpenPage());
window.addEventListener("popstate", () => {
  if (showOutside() || showOpenPage()) return;
  if (me !== null && door === null) show(screenFor(contextFor(me)), true);
  else location.reload();
});
void start();
