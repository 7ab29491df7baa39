// SPDX-License-Identifier: Apache-2.0
// The rail with the views and their counts; on a phone a bar at the bottom of the list.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState, type MouseEvent, type ReactNode } from "react";
import { api } from "../api/client";
import type { View } from "../api/types";
import { articleWordsOf } from "../i18n/articles";
import { identityEn, identityZh } from "../i18n/identity";
import { incidentWordsOf } from "../i18n/incidents";
import { lockWordsOf } from "../i18n/locks";
import { macroWordsOf } from "../i18n/macros";
import { ruleWordsOf } from "../i18n/rules";
import { mailEn, mailZh } from "../i18n/mail";
import { sideWordsOf } from "../i18n/sides";
import { staffWordsOf } from "../i18n/staff";
import { triageWordsOf } from "../i18n/triage";
import { webhooksEn, webhooksZh } from "../i18n/webhooks";
import { useWords } from "../i18n/words";
import { Icon, type IconName } from "./icons";
import { KeyHelp } from "./KeyHelp";
import { useShortcut } from "./keyboard";
import { useMe } from "./me";
import { LanguageButton, useWidth } from "./parts";
import { go, pathOf, type Route } from "./router";

const views: readonly { view: View; icon: IconName }[] = [
  { view: "open", icon: "inbox" },
  { view: "mine", icon: "mine" },
  { view: "technical", icon: "technical" },
  { view: "risk", icon: "risk" },
  { view: "unclear", icon: "unclear" },
  { view: "spam", icon: "spam" },
  { view: "mentions", icon: "mentions" },
  { view: "following", icon: "following" },
  { view: "approvals", icon: "approvals" },
  { view: "waiting", icon: "waiting" },
  { view: "snoozed", icon: "snoozed" },
  { view: "solved", icon: "solved" },
];

const due: ReadonlySet<View> = new Set(["approvals", "mentions"]); // somebody waits for an answer

export function follow(event: MouseEvent<HTMLAnchorElement>, path: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go(path);
}

export function Shell({ route, live, children }: { route: Route; live: "live" | "reconnecting"; children: ReactNode }) {
  const { t, language, switchLanguage } = useWords();
  const lockWords = lockWordsOf(language);
  const incidentWords = incidentWordsOf(language);
  const mailWords = language === "zh" ? mailZh : mailEn;
  const articleWords = articleWordsOf(language);
  const macroWords = macroWordsOf(language);
  const sideWords = sideWordsOf(language);
  const ruleWords = ruleWordsOf(language);
  const triageWords = triageWordsOf(language);
  const staffWords = staffWordsOf(language);
  const hookWords = language === "zh" ? webhooksZh : webhooksEn;
  const identityWords = language === "zh" ? identityZh : identityEn;
  const me = useMe();
  const width = useWidth();
  const [help, setHelp] = useState(false);
  // Its own small reading: the counts of all views come with any page of tickets.
  const counts = useQuery({ queryKey: ["tickets", "counts"], queryFn: () => api.tickets("open", "", null, 1) }).data
    ?.counts;
  const signOut = useMutation({
    mutationFn: api.signOut,
    onSettled: () => {
      sessionStorage.clear();
      location.assign("/console");
    },
  });
  useShortcut("help", () => setHelp((open) => !open));
  useShortcut("go_open", () => go(pathOf.view("open")));
  useShortcut("go_mine", () => go(pathOf.view("mine")));
  useShortcut("go_approvals", () => go(pathOf.view("approvals")));

  const mayTreasury = me.permissions.includes("read_ledger");
  useShortcut("go_treasury", () => {
    if (!mayTreasury) return false;
    go(pathOf.treasury("balance", null, {}));
    return true;
  });

  const mayWrite = me.permissions.includes("edit_faq");
  useShortcut("go_articles", () => {
    if (!mayWrite) return false;
    go(pathOf.articles(null));
    return true;
  });

  const here = route.page === "inbox" ? route.view : route.page;
  // On a phone the bar of places and a page's own tabs are wider than the screen: where one is, is seen.
  const address = JSON.stringify(route);
  useEffect(() => {
    for (const place of document.querySelectorAll(".rail [aria-current], .tabs-line [aria-current]")) {
      place.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }, [address, width]);
  const reading =
    (route.page === "inbox" && route.number !== null) ||
    (route.page === "locks" && route.lock !== null) ||
    (route.page === "articles" && route.slug !== null) ||
    (route.page === "macros" && route.item !== null) ||
    (route.page === "incidents" && route.item !== null) ||
    (route.page === "rules" && route.item !== null) ||
    (route.page === "approvals" && route.remedy !== null);
  const links = views.map(({ view, icon }) => {
    const count = counts !== undefined && view in counts ? counts[view as keyof typeof counts] : 0;
    return (
      <a
        key={view}
        href={pathOf.view(view)}
        className="rail-link"
        aria-current={here === view ? "page" : undefined}
        title={t.api.view[view]}
        onClick={(event) => follow(event, pathOf.view(view))}
      >
        <Icon name={icon} />
        <span className="rail-name">{t.api.view[view]}</span>
        {count > 0 && <span className={`count num${due.has(view) ? " due" : ""}`}>{count > 999 ? "999+" : count}</span>}
      </a>
    );
  });
  return (
    <div className={`shell ${width}`}>
      <a className="skip" href="#main">
        {t.app.skip}
      </a>
      <nav className={`rail${width === "phone" && reading ? " gone" : ""}`} aria-label={t.app.views}>
        <p className="wordmark rail-mark">
          <span aria-hidden="true">OK</span>
          <span className="rail-name" aria-hidden="true">
            Pay
          </span>
          <span className="hidden-text">OKPay</span>
        </p>
        {links}
        <a
          href={pathOf.incidents(null)}
          className="rail-link"
          aria-current={here === "incidents" ? "page" : undefined}
          title={incidentWords.title}
          onClick={(event) => follow(event, pathOf.incidents(null))}
        >
          <Icon name="incident" />
          <span className="rail-name">{incidentWords.title}</span>
          {(counts?.incidents ?? 0) > 0 && <span className="count num due">{counts?.incidents}</span>}
        </a>
        <a
          href={pathOf.locks(null)}
          className="rail-link"
          aria-current={here === "locks" ? "page" : undefined}
          title={lockWords.title}
          onClick={(event) => follow(event, pathOf.locks(null))}
        >
          <Icon name="lock" />
          <span className="rail-name">{lockWords.title}</span>
        </a>
        {me.permissions.includes("review_identity") && (
          <a
            href={pathOf.identity(null)}
            className="rail-link"
            aria-current={here === "identity" ? "page" : undefined}
            title={identityWords.title}
            onClick={(event) => follow(event, pathOf.identity(null))}
          >
            <Icon name="identity" />
            <span className="rail-name">{identityWords.title}</span>
          </a>
        )}
        <a
          href={pathOf.mail()}
          className="rail-link"
          aria-current={here === "mail" ? "page" : undefined}
          title={mailWords.title}
          onClick={(event) => follow(event, pathOf.mail())}
        >
          <Icon name="mail" />
          <span className="rail-name">{mailWords.title}</span>
        </a>
        {mayWrite && (
          <a
            href={pathOf.articles(null)}
            className="rail-link"
            aria-current={here === "articles" ? "page" : undefined}
            title={articleWords.title}
            onClick={(event) => follow(event, pathOf.articles(null))}
          >
            <Icon name="article" />
            <span className="rail-name">{articleWords.title}</span>
          </a>
        )}
        {me.permissions.includes("edit_macros") && (
          <a
            href={pathOf.macros(null)}
            className="rail-link"
            aria-current={here === "macros" ? "page" : undefined}
            title={macroWords.title}
            onClick={(event) => follow(event, pathOf.macros(null))}
          >
            <Icon name="macro" />
            <span className="rail-name">{macroWords.title}</span>
          </a>
        )}
        {me.permissions.includes("edit_counterparties") && (
          <a
            href={pathOf.counterparties()}
            className="rail-link"
            aria-current={here === "counterparties" ? "page" : undefined}
            title={sideWords.book}
            onClick={(event) => follow(event, pathOf.counterparties())}
          >
            <Icon name="outside" />
            <span className="rail-name">{sideWords.book}</span>
          </a>
        )}
        {me.permissions.includes("edit_rules") && (
          <a
            href={pathOf.rules(null)}
            className="rail-link"
            aria-current={here === "rules" ? "page" : undefined}
            title={ruleWords.title}
            onClick={(event) => follow(event, pathOf.rules(null))}
          >
            <Icon name="rule" />
            <span className="rail-name">{ruleWords.title}</span>
          </a>
        )}
        {me.permissions.includes("read_books") && (
          <a
            href={pathOf.triage()}
            className="rail-link"
            aria-current={here === "triage" ? "page" : undefined}
            title={triageWords.title}
            onClick={(event) => follow(event, pathOf.triage())}
          >
            <Icon name="figures" />
            <span className="rail-name">{triageWords.title}</span>
          </a>
        )}
        {me.permissions.includes("manage_staff") && (
          <a
            href={pathOf.staff()}
            className="rail-link"
            aria-current={here === "staff" ? "page" : undefined}
            title={staffWords.title}
            onClick={(event) => follow(event, pathOf.staff())}
          >
            <Icon name="staff" />
            <span className="rail-name">{staffWords.title}</span>
          </a>
        )}
        {me.permissions.includes("manage_webhooks") && (
          <a
            href={pathOf.webhooks()}
            className="rail-link"
            aria-current={here === "webhooks" ? "page" : undefined}
            title={hookWords.title}
            onClick={(event) => follow(event, pathOf.webhooks())}
          >
            <Icon name="hook" />
            <span className="rail-name">{hookWords.title}</span>
          </a>
        )}
        {mayTreasury && (
          <a
            href={pathOf.treasury("balance", null, {})}
            className="rail-link"
            aria-current={here === "treasury" ? "page" : undefined}
            title={t.treasury.title}
            onClick={(event) => follow(event, pathOf.treasury("balance", null, {}))}
          >
            <Icon name="treasury" />
            <span className="rail-name">{t.treasury.title}</span>
          </a>
        )}
        <div className="rail-foot">
          <button type="button" className="rail-link" title={t.app.help} onClick={() => setHelp(true)}>
            <Icon name="help" />
            <span className="rail-name">{t.app.help}</span>
          </button>
          <button type="button" className="rail-link" title={t.app.languageLabel} onClick={switchLanguage}>
            <Icon name="language" />
            <span className="rail-name">{t.app.language}</span>
          </button>
          <button
            type="button"
            className="rail-link"
            title={`${t.app.signOut} (${me.name})`}
            onClick={() => signOut.mutate()}
          >
            <Icon name="out" />
            <span className="rail-name">{t.app.signOut}</span>
          </button>
          <p className="rail-me rail-name">
            <strong>{me.name}</strong>
            <span>{t.api.role[me.role]}</span>
          </p>
        </div>
      </nav>
      <main id="main" className="main" tabIndex={-1}>
        {width === "phone" && !reading && (
          <header className="phone-head">
            <h1>
              {here === "treasury"
                ? t.treasury.title
                : here === "identity"
                  ? identityWords.title
                  : here === "locks"
                    ? lockWords.title
                    : here === "articles"
                      ? articleWords.title
                      : here === "macros"
                        ? macroWords.title
                        : here === "incidents"
                          ? incidentWords.title
                          : here === "rules"
                            ? ruleWords.title
                            : here === "triage"
                              ? triageWords.title
                              : here === "staff"
                                ? staffWords.title
                                : here === "mail"
                                  ? mailWords.title
                                  : here === "webhooks"
                                    ? hookWords.title
                                    : here === "counterparties"
                                      ? sideWords.book
                                      : t.api.view[here as View]}
            </h1>
            <LanguageButton />
            <button
              type="button"
              className="icon-button"
              aria-label={t.app.signOut}
              title={t.app.signOut}
              onClick={() => signOut.mutate()}
            >
              <Icon name="out" />
            </button>
          </header>
        )}
        {children}
      </main>
      {live === "reconnecting" && (
        <p className="pill" role="status">
          {t.app.reconnecting}
        </p>
      )}
      <KeyHelp open={help} close={() => setHelp(false)} />
    </div>
  );
}
