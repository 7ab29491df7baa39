// SPDX-License-Identifier: Apache-2.0
// The frame: theme, who is signed in, which page.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, ConfigProvider, theme } from "antd";
import zhCN from "antd/locale/zh_CN";
import { useEffect, useSyncExternalStore } from "react";
import { isCode } from "../api/client";
import { useLive } from "../api/live";
import { meQuery, siteQuery } from "../api/queries";
import { useWords } from "../i18n/words";
import { Approvals } from "./Approvals";
import { Articles } from "./Articles";
import { Counterparties } from "./Counterparties";
import { Enrol } from "./Enrol";
import { Identity } from "./Identity";
import { Inbox } from "./Inbox";
import { Incidents } from "./Incidents";
import { Locks } from "./Locks";
import { Macros } from "./Macros";
import { Rules } from "./Rules";
import { MailHealth } from "./MailHealth";
import { MeContext } from "./me";
import { LoadFailed } from "./parts";
import { useRoute } from "./router";
import { Shell } from "./Shell";
import { SignIn } from "./SignIn";
import { useSignOnEnd } from "./SignOn";
import { StaffMembers } from "./StaffMembers";
import { Treasury } from "./Treasury";
import { Triage } from "./Triage";
import { WebHooks } from "./WebHooks";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
function usePreference(preference: MediaQueryList): boolean {
  return useSyncExternalStore(
    (listener) => {
      preference.addEventListener("change", listener);
      return () => preference.removeEventListener("change", listener);
    },
    () => preference.matches,
  );
}

export function Console() {
  const { language } = useWords();
  const isDark = usePreference(dark);
  const isStill = usePreference(still);
  return (
    <ConfigProvider
      {...(language === "zh" ? { locale: zhCN } : {})}
      button={{ autoInsertSpace: false }}
      theme={{
        algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
        token: {
          colorPrimary: isDark ? "#8fa6ff" : "#2746b8",
          colorBgElevated: isDark ? "#22272f" : "#ffffff",
          borderRadius: 8,
          fontFamily: "inherit",
          fontSize: language === "zh" ? 15 : 14,
          // tokens.css stops every animation then: Ant Design must not wait for one to end before it takes a notice away.
          motion: !isStill,
          motionDurationMid: "0.12s",
          motionDurationSlow: "0.16s",
        },
      }}
    >
      <App component={false} message={{ maxCount: 2, top: 6 }}>
        <Page />
      </App>
    </ConfigProvider>
  );
}

function Page() {
  const route = useRoute();
  const { t } = useWords();
  const signOnEnd = useSignOnEnd();
  const queries = useQueryClient();
  const site = useQuery(siteQuery);
  const me = useQuery({ ...meQuery, enabled: route.page !== "enrol" });
  const live = useLive(queries, me.data !== undefined);
  const number = me.data !== undefined && route.page === "inbox" ? route.number : null;
  useEffect(() => {
    document.title = number === null ? t.app.title : `${number} · ${t.app.title}`;
  }, [t, number]);

  const demonstration = site.data?.demonstration === true;
  const banner = demonstration ? <p className="demonstration">{t.app.demonstration}</p> : null;
  if (route.page === "enrol")
    return (
      <div className="frame">
        {banner}
        <Enrol token={route.token} />
      </div>
    );
  if (me.data === undefined) {
    if (me.isPending) return banner;
    if (isCode(me.error, "not_signed_in"))
      return site.isPending ? null : (
        <div className="frame">
          {banner}
          <SignIn returned={signOnEnd} />
        </div>
      );
    return (
      <>
        {banner}
        <LoadFailed error={me.error} retry={() => void me.refetch()} />
      </>
    );
  }
  return (
    <MeContext.Provider value={me.data}>
      <div className="frame">
        {banner}
        <Shell route={route} live={live}>
          {route.page === "approvals" ? (
            <Approvals remedy={route.remedy} />
          ) : route.page === "locks" ? (
            <Locks lock={route.lock} />
          ) : route.page === "treasury" ? (
            <Treasury section={route.section} item={route.item} at={route.at} />
          ) : route.page === "mail" ? (
            <MailHealth />
          ) : route.page === "webhooks" ? (
            <WebHooks />
          ) : route.page === "articles" ? (
            <Articles slug={route.slug} />
          ) : route.page === "macros" ? (
            <Macros item={route.item} />
          ) : route.page === "incidents" ? (
            <Incidents item={route.item} />
          ) : route.page === "counterparties" ? (
            <Counterparties />
          ) : route.page === "rules" ? (
            <Rules item={route.item} />
          ) : route.page === "triage" ? (
            <Triage />
          ) : route.page === "staff" ? (
            <StaffMembers />
          ) : route.page === "identity" ? (
            <Identity item={route.item} />
          ) : (
            <Inbox view={route.view} number={route.number} />
          )}
        </Shell>
      </div>
    </MeContext.Provider>
  );
}
