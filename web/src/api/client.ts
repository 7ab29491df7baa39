// SPDX-License-Identifier: Apache-2.0
// One function for each operation the workspace uses. The session is a cookie; the browser sends Origin itself.
import { call, download, picture, query } from "./http";
import type { Answer, Body, LockState, SearchKind, View } from "./types";

export { ApiError, isCode, newKey } from "./http";

// A place in the ledger: its sequence, or a time; neither for the newest.
export interface AsOf {
  as_of_seq?: string;
  as_of?: string;
}

const ticket = (number: string) => `/tickets/${encodeURIComponent(number)}`;
const account = (id: string) => `/accounts/${encodeURIComponent(id)}`;
const merchant = (id: string) => `/merchants/${encodeURIComponent(id)}`;
const correction = (id: string) => `/corrections/${encodeURIComponent(id)}`;
const verification = (id: string) => `/verifications/${encodeURIComponent(id)}`;
const article = (slug: string) => `/faq-articles/${encodeURIComponent(slug)}`;
const macro = (id: number) => `/macros/${id}`;
const incident = (id: number) => `/incidents/${id}`;
const sideThread = (number: string, thread: string) => `${ticket(number)}/side-threads/${encodeURIComponent(thread)}`;
const remedy = (id: string) => `/remedies/${encodeURIComponent(id)}`;
const staffMember = (id: string) => `/staff-members/${encodeURIComponent(id)}`;
const hook = (id: string) => `/house-webhook-endpoints/${encodeURIComponent(id)}`;

export const api = {
  site: () => call<Answer<"site">>("GET", "/site"),
  signIn: (body: Body<"signIn">) => call<Answer<"signIn">>("POST", "/staff/sign-in", body),
  signOn: "/api/v1/staff/sign-on", // a link: the server leads on to the provider
  finishSignOn: (body: Body<"finishSignOn">) => call<Answer<"finishSignOn">>("POST", "/staff/sign-on", body),
  signOut: () => call<void>("POST", "/staff/sign-out", {}),
  me: () => call<Answer<"me">>("GET", "/staff/me"),
  enrol: (body: Body<"enrol">) => call<Answer<"enrol">>("POST", "/staff/enrol", body),
  confirmEnrolment: (body: Body<"confirmEnrolment">) => call<void>("POST", "/staff/enrol/confirm", body),
  tickets: (view: View, q: string, cursor: string | null, limit = 50) =>
    call<Answer<"listTickets">>("GET", `/tickets${query({ view, q, cursor, limit })}`),
  search: (q: string, kind: SearchKind | null, cursor: string | null) =>
    call<Answer<"search">>("GET", `/search${query({ q, kind, cursor })}`),
  ticket: (number: string) => call<Answer<"getTicket">>("GET", ticket(number)),
  ledger: (number: string, cursor: string | null) =>
    call<Answer<"getTicketLedger">>("GET", `${ticket(number)}/ledger${query({ cursor })}`),
  reply: (number: string, body: Body<"reply">) => call<Answer<"reply">>("POST", `${ticket(number)}/replies`, body),
  findPromises: (number: string, body: Body<"findPromises">) =>
    call<Answer<"findPromises">>("POST", `${ticket(number)}/promises/find`, body),
  keepPromise: (number: string, no: number) =>
    call<Answer<"keepPromise">>("POST", `${ticket(number)}/promises/${no}/keep`, {}),
  withdrawPromise: (number: string, no: number, body: Body<"withdrawPromise">) =>
    call<Answer<"withdrawPromise">>("POST", `${ticket(number)}/promises/${no}/withdraw`, body),
  addNote: (number: string, body: Body<"addNote">) => call<Answer<"addNote">>("POST", `${ticket(number)}/notes`, body),
  assign: (number: string, body: Body<"assign">) => call<Answer<"assign">>("POST", `${ticket(number)}/assign`, body),
  setState: (number: string, body: Body<"setState">) =>
    call<Answer<"setState">>("POST", `${ticket(number)}/state`, body),
  sortTicket: (number: string, body: Body<"sortTicket">) =>
    call<Answer<"sortTicket">>("POST", `${ticket(number)}/sort`, body),
  linkTicket: (number: string, body: Body<"linkTicket">) =>
    call<Answer<"linkTicket">>("POST", `${ticket(number)}/links`, body),
  unlinkTicket: (number: string, body: Body<"unlinkTicket">) =>
    call<Answer<"unlinkTicket">>("POST", `${ticket(number)}/links/remove`, body),
  mergeTicket: (number: string, body: Body<"mergeTicket">) =>
    call<Answer<"mergeTicket">>("POST", `${ticket(number)}/merge`, body),
  unmergeTicket: (number: string) => call<Answer<"unmergeTicket">>("POST", `${ticket(number)}/unmerge`, {}),
  splitTicket: (number: string, body: Body<"splitTicket">) =>
    call<Answer<"splitTicket">>("POST", `${ticket(number)}/split`, body),
  snoozeTicket: (number: string, body: Body<"snoozeTicket">) =>
    call<Answer<"snoozeTicket">>("POST", `${ticket(number)}/snooze`, body),
  wakeTicket: (number: string) => call<Answer<"wakeTicket">>("POST", `${ticket(number)}/wake`, {}),
  colleagues: (number: string, q: string) =>
    call<Answer<"listColleagues">>("GET", `${ticket(number)}/colleagues${query({ q: q === "" ? null : q })}`),
  followTicket: (number: string) => call<Answer<"followTicket">>("POST", `${ticket(number)}/follow`, {}),
  unfollowTicket: (number: string) => call<Answer<"unfollowTicket">>("POST", `${ticket(number)}/unfollow`, {}),
  markSeen: (number: string, body: Body<"markSeen">) =>
    call<Answer<"markSeen">>("POST", `${ticket(number)}/seen`, body),
  drafts: (number: string) => call<Answer<"listDrafts">>("GET", `${ticket(number)}/drafts`),
  saveDraft: (number: string, body: Body<"saveDraft">) =>
    call<Answer<"saveDraft">>("POST", `${ticket(number)}/drafts`, body),
  propose: (number: string, body: Body<"proposeRemedy">, key: string) =>
    call<Answer<"proposeRemedy">>("POST", `${ticket(number)}/remedies`, body, key),
  sendCaseLink: (number: string) => call<Answer<"sendCaseLink">>("POST", `${ticket(number)}/case-links`, {}),
  ticketChanges: (number: string) => call<Answer<"listTicketChanges">>("GET", `${ticket(number)}/changes`),
  waitingChanges: () => call<Answer<"listWaitingChanges">>("GET", "/changes"),
  proposeChange: (number: string, body: Body<"proposeChange">, key: string) =>
    call<Answer<"proposeChange">>("POST", `${ticket(number)}/changes`, body, key),
  approveChange: (id: string, body: Body<"approveChange">) =>
    call<Answer<"approveChange">>("POST", `/changes/${encodeURIComponent(id)}/approve`, body),
  rejectChange: (id: string, body: Body<"rejectChange">) =>
    call<Answer<"rejectChange">>("POST", `/changes/${encodeURIComponent(id)}/reject`, body),
  waitingStaff: () => call<Answer<"listWaitingStaff">>("GET", "/staff-approvals"),
  approveStaff: (id: string, body: Body<"approveStaff">) =>
    call<Answer<"approveStaff">>("POST", `/staff-approvals/${encodeURIComponent(id)}/approve`, body),
  rejectStaff: (id: string) =>
    call<Answer<"rejectStaff">>("POST", `/staff-approvals/${encodeURIComponent(id)}/reject`, {}),
  staffMembers: () => call<Answer<"listStaff">>("GET", "/staff-members"),
  switchOffStaff: (id: string, body: Body<"switchOffStaff">) =>
    call<Answer<"switchOffStaff">>("POST", `${staffMember(id)}/switch-off`, body),
  erasures: () => call<Answer<"listErasures">>("GET", "/erasures"),
  approveErasure: (id: string, body: Body<"approveErasure">) =>
    call<Answer<"approveErasure">>("POST", `/erasures/${encodeURIComponent(id)}/approve`, body),
  rejectErasure: (id: string, body: Body<"rejectErasure">) =>
    call<Answer<"rejectErasure">>("POST", `/erasures/${encodeURIComponent(id)}/reject`, body),
  approvals: (cursor: string | null) => call<Answer<"listApprovals">>("GET", `/approvals${query({ cursor })}`),
  approve: (id: string, body: Body<"approveRemedy">) =>
    call<Answer<"approveRemedy">>("POST", `${remedy(id)}/approve`, body),
  houseHooks: () => call<Answer<"listHouseWebhookEndpoints">>("GET", "/house-webhook-endpoints"),
  addHouseHook: (body: Body<"createHouseWebhookEndpoint">) =>
    call<Answer<"createHouseWebhookEndpoint">>("POST", "/house-webhook-endpoints", body),
  setHouseHook: (id: string, body: Body<"setHouseWebhookEndpointState">) =>
    call<Answer<"setHouseWebhookEndpointState">>("POST", `${hook(id)}/state`, body),
  renewHouseHookSecret: (id: string, body: Body<"changeHouseWebhookEndpointSecret">) =>
    call<Answer<"changeHouseWebhookEndpointSecret">>("POST", `${hook(id)}/secret`, body),
  removeHouseHook: (id: string, body: Body<"removeHouseWebhookEndpoint">) =>
    call<Answer<"removeHouseWebhookEndpoint">>("POST", `${hook(id)}/remove`, body),
  pingHouseHook: (id: string) => call<Answer<"pingHouseWebhookEndpoint">>("POST", `${hook(id)}/ping`),
  houseHookDeliveries: (id: string) => call<Answer<"listHouseWebhookDeliveries">>("GET", `${hook(id)}/deliveries`),
  redeliverHouseHook: (id: string, delivery: string) =>
    call<Answer<"redeliverHouseWebhook">>("POST", `${hook(id)}/deliveries/${encodeURIComponent(delivery)}/redeliver`),
  triageFigures: (days: number) => call<Answer<"getTriageFigures">>("GET", `/triage-figures${query({ days })}`),
  mailBooks: (cursor: string | null) => call<Answer<"mailBooks">>("GET", `/mail-books${query({ cursor })}`),
  mailBrakes: () => call<Answer<"getMailBrakes">>("GET", "/mail-brakes"),
  releaseBrake: (id: string, body: Body<"releaseMailBrake">) =>
    call<Answer<"releaseMailBrake">>("POST", `/mail-brakes/${encodeURIComponent(id)}/release`, body),
  sendHeldMail: (id: string) => call<Answer<"sendHeldMail">>("POST", `/held-mails/${encodeURIComponent(id)}/send`),
  quarantine: () => call<Answer<"listQuarantine">>("GET", "/quarantine"),
  retryQuarantined: (id: string) =>
    call<Answer<"retryQuarantined">>("POST", `/quarantine/${encodeURIComponent(id)}/retry`),
  suppressed: () => call<Answer<"listSuppressedAddresses">>("GET", "/suppressed-addresses"),
  liftSuppressed: (id: string, body: Body<"liftSuppressedAddress">) =>
    call<Answer<"liftSuppressedAddress">>("POST", `/suppressed-addresses/${encodeURIComponent(id)}/lift`, body),
  deliveries: (ticket: string, message: string) =>
    call<Answer<"getDeliveries">>(
      "GET",
      `/tickets/${encodeURIComponent(ticket)}/messages/${encodeURIComponent(message)}/deliveries`,
    ),
  messageHtml: (ticket: string, message: string) =>
    call<Answer<"getMessageHtml">>(
      "GET",
      `/tickets/${encodeURIComponent(ticket)}/messages/${encodeURIComponent(message)}/html`,
    ),
  messageFiles: (ticket: string, message: string) =>
    call<Answer<"listMessageFiles">>(
      "GET",
      `/tickets/${encodeURIComponent(ticket)}/messages/${encodeURIComponent(message)}/files`,
    ),
  decideDelivery: (ticket: string, message: string, how: "resend" | "mark-sent") =>
    call<Answer<"resendMessage">>(
      "POST",
      `/tickets/${encodeURIComponent(ticket)}/messages/${encodeURIComponent(message)}/${how}`,
    ),
  railCalls: () => call<Answer<"railCalls">>("GET", "/rail-calls"),
  decideRailOutcome: (payment: string, body: Body<"decideRailOutcome">) =>
    call<Answer<"decideRailOutcome">>("POST", `/rail-calls/${encodeURIComponent(payment)}/outcome`, body),
  trialBalance: (at: AsOf) => call<Answer<"getTrialBalance">>("GET", `/ledger/trial-balance${query({ ...at })}`),
  ledgerAccounts: (at: AsOf, kind: string, currency: string, cursor: string | null) =>
    call<Answer<"listLedgerAccounts">>("GET", `/ledger/accounts${query({ ...at, kind, currency, cursor })}`),
  ledgerAccount: (at: AsOf, id: string) =>
    call<Answer<"getLedgerAccount">>("GET", `/ledger/accounts/${encodeURIComponent(id)}${query({ ...at })}`),
  journal: (at: AsOf, account: string | null, cursor: string | null) =>
    call<Answer<"listJournal">>("GET", `/ledger/journal${query({ ...at, account, cursor })}`),
  ledgerPayment: (id: string) => call<Answer<"getLedgerPayment">>("GET", `/ledger/payments/${encodeURIComponent(id)}`),
  account: (id: string, cursor: string | null) =>
    call<Answer<"getAccount">>("GET", `${account(id)}${query({ cursor, limit: 20 })}`),
  setAccountState: (id: string, body: Body<"setAccountState">, key: string) =>
    call<Answer<"setAccountState">>("POST", `${account(id)}/state`, body, key),
  merchant: (id: string) => call<Answer<"getMerchant">>("GET", merchant(id)),
  setPayoutAccount: (id: string, body: Body<"setPayoutAccount">) =>
    call<Answer<"setPayoutAccount">>("POST", `${merchant(id)}/payout-account`, body),
  payOut: (id: string, body: Body<"payOutMerchant">, key: string) =>
    call<Answer<"payOutMerchant">>("POST", `${merchant(id)}/payouts`, body, key),
  payouts: (of: string | null, cursor: string | null) =>
    call<Answer<"listLedgerPayouts">>("GET", `/ledger/payouts${query({ merchant: of, cursor })}`),
  corrections: (cursor: string | null) => call<Answer<"listCorrections">>("GET", `/corrections${query({ cursor })}`),
  proposeCorrection: (body: Body<"proposeCorrection">, key: string) =>
    call<Answer<"proposeCorrection">>("POST", "/corrections", body, key),
  approveCorrection: (id: string, body: Body<"approveCorrection">) =>
    call<Answer<"approveCorrection">>("POST", `${correction(id)}/approve`, body),
  rejectCorrection: (id: string, body: Body<"rejectCorrection">) =>
    call<Answer<"rejectCorrection">>("POST", `${correction(id)}/reject`, body),
  disputes: (cursor: string | null) => call<Answer<"listDisputes">>("GET", `/disputes${query({ cursor })}`),
  reportDispute: (body: Body<"reportDispute">) => call<Answer<"reportDispute">>("POST", "/disputes", body),
  answerDispute: (id: string, body: Body<"answerDispute">) =>
    call<Answer<"answerDispute">>("POST", `/disputes/${encodeURIComponent(id)}/answer`, body),
  disputeEvidence: (id: string) => `/api/v1/disputes/${encodeURIComponent(id)}/evidence`,
  faqSearch: (q: string, language: string) =>
    q === ""
      ? call<Answer<"listFaq">>("GET", `/faq${query({ language })}`)
      : call<Answer<"searchFaq">>("GET", `/faq/search${query({ q, language })}`),
  faq: (slug: string, language: string) =>
    call<Answer<"getFaq">>("GET", `/faq/${encodeURIComponent(slug)}${query({ language })}`),
  articles: () => call<Answer<"listFaqArticles">>("GET", "/faq-articles"),
  article: (slug: string) => call<Answer<"getFaqArticle">>("GET", article(slug)),
  putArticle: (slug: string, body: Body<"putFaqArticle">) => call<Answer<"putFaqArticle">>("POST", article(slug), body),
  publishArticle: (slug: string, body: Body<"publishFaqArticle">) =>
    call<Answer<"publishFaqArticle">>("POST", `${article(slug)}/publish`, body),
  withdrawArticle: (slug: string, body: Body<"withdrawFaqArticle">) =>
    call<Answer<"withdrawFaqArticle">>("POST", `${article(slug)}/withdraw`, body),
  incidents: (view: "standing" | "closed", cursor: string | null) =>
    call<Answer<"listIncidents">>("GET", `/incidents${query({ view, cursor })}`),
  incident: (id: number) => call<Answer<"getIncident">>("GET", incident(id)),
  previewIncidentText: (id: number, body: Body<"previewIncidentText">) =>
    call<Answer<"previewIncidentText">>("POST", `${incident(id)}/preview`, body),
  tellIncident: (id: number, body: Body<"tellIncident">) =>
    call<Answer<"tellIncident">>("POST", `${incident(id)}/text`, body),
  addToIncident: (id: number, body: Body<"addToIncident">) =>
    call<Answer<"addToIncident">>("POST", `${incident(id)}/members`, body),
  removeFromIncident: (id: number, body: Body<"removeFromIncident">) =>
    call<Answer<"removeFromIncident">>("POST", `${incident(id)}/members/remove`, body),
  endIncident: (id: number, how: "close" | "reopen") =>
    call<Answer<"closeIncident">>("POST", `${incident(id)}/${how}`, {}),
  incidentRefunds: (id: number) => call<Answer<"listIncidentRefunds">>("GET", `${incident(id)}/refunds`),
  proposeIncidentRefunds: (id: number, body: Body<"proposeIncidentRefunds">, key: string) =>
    call<Answer<"proposeIncidentRefunds">>("POST", `${incident(id)}/refunds`, body, key),
  approveIncidentRefunds: (id: number, body: Body<"approveIncidentRefunds">) =>
    call<Answer<"approveIncidentRefunds">>("POST", `${incident(id)}/refunds/approve`, body),
  sideThreads: (number: string) => call<Answer<"listSideThreads">>("GET", `${ticket(number)}/side-threads`),
  openSideThread: (number: string, body: Body<"openSideThread">) =>
    call<Answer<"openSideThread">>("POST", `${ticket(number)}/side-threads`, body),
  writeSideMail: (number: string, thread: string, body: Body<"writeSideMail">) =>
    call<Answer<"writeSideMail">>("POST", `${sideThread(number, thread)}/mails`, body),
  closeSideThread: (number: string, thread: string, body: Body<"closeSideThread">) =>
    call<Answer<"closeSideThread">>("POST", `${sideThread(number, thread)}/close`, body),
  counterparties: () => call<Answer<"listCounterparties">>("GET", "/counterparties"),
  createCounterparty: (body: Body<"createCounterparty">) =>
    call<Answer<"createCounterparty">>("POST", "/counterparties", body),
  putCounterparty: (id: number, body: Body<"putCounterparty">) =>
    call<Answer<"putCounterparty">>("POST", `/counterparties/${id}`, body),
  rules: () => call<Answer<"listRules">>("GET", "/rules"),
  rule: (id: number) => call<Answer<"getRule">>("GET", `/rules/${id}`),
  createRule: (body: Body<"createRule">) => call<Answer<"createRule">>("POST", "/rules", body),
  putRule: (id: number, body: Body<"putRule">) => call<Answer<"putRule">>("POST", `/rules/${id}`, body),
  setRuleMode: (id: number, body: Body<"setRuleMode">) =>
    call<Answer<"setRuleMode">>("POST", `/rules/${id}/mode`, body),
  orderRules: (body: Body<"orderRules">) => call<Answer<"orderRules">>("POST", "/rule-order", body),
  tryRule: (body: Body<"tryRule">) => call<Answer<"tryRule">>("POST", "/rule-trials", body),
  routing: () => call<Answer<"getRouting">>("GET", "/routing"),
  setRouting: (body: Body<"setRouting">) => call<Answer<"setRouting">>("POST", "/routing", body),
  putSkills: (id: string, body: Body<"putSkills">) =>
    call<Answer<"putSkills">>("POST", `/routing/staff/${encodeURIComponent(id)}`, body),
  macros: () => call<Answer<"listMacros">>("GET", "/macros"),
  macro: (id: number) => call<Answer<"getMacro">>("GET", macro(id)),
  createMacro: (body: Body<"createMacro">) => call<Answer<"createMacro">>("POST", "/macros", body),
  putMacro: (id: number, body: Body<"putMacro">) => call<Answer<"putMacro">>("POST", macro(id), body),
  retireMacro: (id: number, how: "retire" | "restore") => call<Answer<"retireMacro">>("POST", `${macro(id)}/${how}`),
  previewMacro: (number: string, id: number, body: Body<"previewMacro">) =>
    call<Answer<"previewMacro">>("POST", ticket(number) + macro(id), body),
  applyMacro: (number: string, id: number, body: Body<"applyMacro">) =>
    call<Answer<"applyMacro">>("POST", `${ticket(number)}${macro(id)}/apply`, body),
  previewArticle: (body: Body<"previewFaq">) => call<Answer<"previewFaq">>("POST", "/faq-preview", body),
  locks: (state: LockState | "", cursor: string | null) =>
    call<Answer<"listLocks">>("GET", `/locks${query({ state, cursor })}`),
  lock: (id: string) => call<Answer<"getLock">>("GET", `/locks/${encodeURIComponent(id)}`),
  placeLock: (customer: string, body: Body<"placeLock">, key: string) =>
    call<Answer<"placeLock">>("POST", `/customers/${encodeURIComponent(customer)}/locks`, body, key),
  proposeLockRelease: (id: string, body: Body<"proposeLockRelease">) =>
    call<Answer<"proposeLockRelease">>("POST", `/locks/${encodeURIComponent(id)}/releases`, body),
  approveLockRelease: (id: string, body: Body<"approveLockRelease">) =>
    call<Answer<"approveLockRelease">>("POST", `/lock-releases/${encodeURIComponent(id)}/approve`, body),
  rejectLockRelease: (id: string, body: Body<"rejectLockRelease">) =>
    call<Answer<"rejectLockRelease">>("POST", `/lock-releases/${encodeURIComponent(id)}/reject`, body),
  verifications: (cursor: string | null) =>
    call<Answer<"listVerifications">>("GET", `/verifications${query({ cursor })}`),
  verification: (id: string) => call<Answer<"getVerification">>("GET", verification(id)),
  openVerification: (id: string, body: Body<"openVerification">) =>
    call<Answer<"openVerification">>("POST", `${verification(id)}/open`, body),
  // As a data URL: the page's policy shows no other picture, and nothing of it is left when the page goes.
  previewIdentityFile: (id: string, file: string, body: Body<"previewIdentityFile">) =>
    picture(`${verification(id)}/files/${encodeURIComponent(file)}/preview`, body),
  decideVerification: (id: string, body: Body<"decideVerification">) =>
    call<Answer<"decideVerification">>("POST", `${verification(id)}/decide`, body),
  statement: (customer: string, asked: { account: string; from: string; until: string; format: "pdf" | "csv" }) =>
    download(`/customers/${encodeURIComponent(customer)}/statements${query({ ...asked })}`),
  reject: (id: string, body: Body<"rejectRemedy">) =>
    call<Answer<"rejectRemedy">>("POST", `${remedy(id)}/reject`, body),
};
