// SPDX-License-Identifier: Apache-2.0
// Short names for what the client's schema.gen.ts holds, which is made from src/api/openapi.json by `npm run generate`.
import type { components, operations } from "../../../clients/typescript/src/schema.gen";

type Schemas = components["schemas"];
export type AccountEvent = Schemas["AccountEvent"];
export type AccountKind = Schemas["AccountKind"];
export type AccountState = Schemas["AccountState"];
export type Amount = Schemas["Amount"];
export type Approval = Schemas["Approval"];
export type Assurance = Schemas["Assurance"];
export type BeforeAfter = Schemas["BeforeAfter"];
export type Category = Schemas["Category"];
export type Change = Schemas["Change"];
export type Correction = Schemas["Correction"];
export type Dispute = Schemas["Dispute"];
export type Counterparty = Schemas["Counterparty"];
export type CounterpartyKind = Schemas["CounterpartyKind"];
export type CorrectionState = Schemas["CorrectionState"];
export type CustomerWithWallets = Schemas["CustomerWithWallets"];
export type Delivery = Schemas["Delivery"];
export type ErrorCode = Schemas["ErrorCode"];
export type Factors = Schemas["Factors"];
export type FactorsChanged = Schemas["FactorsChanged"];
export type FactName = Schemas["FactName"];
export type FaqArticle = Schemas["FaqArticle"];
export type FaqPair = Schemas["FaqPair"];
export type FaqPairDetail = Schemas["FaqPairDetail"];
export type FaqPreview = Schemas["FaqPreview"];
export type FaqSideDetail = Schemas["FaqSideDetail"];
export type FaqSummary = Schemas["FaqSummary"];
export type Finding = Schemas["Finding"];
export type FindingReason = Schemas["FindingReason"];
export type Incident = Schemas["Incident"];
export type IncidentDetail = Schemas["IncidentDetail"];
export type IncidentMember = Schemas["IncidentMember"];
export type IncidentOutcomes = Schemas["IncidentOutcomes"];
export type IncidentTextPreview = Schemas["IncidentTextPreview"];
export type JournalEntry = Schemas["JournalEntry"];
export type LedgerAccount = Schemas["LedgerAccount"];
export type LedgerAccountName = Schemas["LedgerAccountName"];
export type LedgerPlace = Schemas["LedgerPlace"];
export type Limit = Schemas["Limit"];
export type Lock = Schemas["Lock"];
export type LockMessage = Schemas["LockMessage"];
export type LockRelease = Schemas["LockRelease"];
export type LockScope = Schemas["LockScope"];
export type LockState = Schemas["LockState"];
export type Macro = Schemas["Macro"];
export type MacroActions = Schemas["MacroActions"];
export type MacroDetail = Schemas["MacroDetail"];
export type Rule = Schemas["Rule"];
export type RuleDetail = Schemas["RuleDetail"];
export type RuleEffect = Schemas["RuleEffect"];
export type RoutingStaff = Schemas["RoutingStaff"];
export type MacroPreview = Schemas["MacroPreview"];
export type MailAuthentication = Schemas["MailAuthentication"];
export type Message = Schemas["Message"];
export type MoneyRequest = Schemas["MoneyRequest"];
export type PairClass = Schemas["PairClass"];
export type OfficialCheck = Schemas["OfficialCheck"];
export type OwnLock = Schemas["OwnLock"];
export type OwnSession = Schemas["OwnSession"];
export type NewPasskeyQuestion = Schemas["NewPasskeyQuestion"];
export type Passkey = Schemas["Passkey"];
export type PasskeyAnswer = Schemas["PasskeyAnswer"];
export type PasskeyQuestion = Schemas["PasskeyQuestion"];
export type Payee = Schemas["Payee"];
export type Payment = Schemas["Payment"];
export type PaymentDetail = Schemas["PaymentDetail"];
export type PaymentKind = Schemas["PaymentKind"];
export type PaymentRefusal = Schemas["PaymentRefusal"];
export type PaymentState = Schemas["PaymentState"];
export type Payout = Schemas["Payout"];
export type PossibleFactors = Schemas["PossibleFactors"];
export type Problem = Schemas["Problem"];
export type Promised = Schemas["Promise"];
export type RailCall = Schemas["RailCall"];
export type Reading = Schemas["Reading"];
export type RefundProposal = Schemas["RefundProposal"];
export type RefundReason = Schemas["RefundReason"];
export type Remedy = Schemas["Remedy"];
export type RemedyKind = Schemas["RemedyKind"];
export type RemedyState = Schemas["RemedyState"];
export type ReleaseCheck = Schemas["ReleaseCheck"];
export type Role = Schemas["Role"];
export type Route = Schemas["Route"];
export type ScheduledTransfer = Schemas["ScheduledTransfer"];
export type SearchHit = Schemas["SearchHit"];
export type SearchKind = Schemas["SearchKind"];
export type SideMessage = Schemas["SideMessage"];
export type SideThread = Schemas["SideThread"];
export type Site = Schemas["Site"];
export type Staff = Schemas["Staff"];
export type StaffMember = Schemas["StaffMember"];
export type Standing = Schemas["Standing"];
export type StatedAmount = Schemas["StatedAmount"];
export type Ticket = Schemas["Ticket"];
export type TicketEvent = Schemas["Event"];
export type TicketLedger = Schemas["TicketLedger"];
export type TicketState = Schemas["TicketState"];
export type TicketSummary = Schemas["TicketSummary"];
export type TransferCode = Schemas["TransferCode"];
export type TransferKind = JournalEntry["kind"];
export type TriageFigures = Schemas["TriageFigures"];
export type TrialSums = Schemas["TrialSums"];
export type Urgency = Schemas["Urgency"];
export type Wallet = Schemas["Wallet"];
export type View = NonNullable<NonNullable<operations["listTickets"]["parameters"]["query"]>["view"]>;

type JsonOf<Content> = Content extends { content: { "application/json": infer Body } } ? Body : void;
type Responses<Operation extends keyof operations> = operations[Operation]["responses"];
// What an operation answers when it succeeds, and what it is asked with.
export type Answer<Operation extends keyof operations> =
  Responses<Operation> extends { 201: infer Created } // first: the 200 beside it is a dry run's
    ? JsonOf<Created>
    : Responses<Operation> extends { 200: infer Ok }
      ? JsonOf<Ok>
      : void;
export type Body<Operation extends keyof operations> = operations[Operation] extends { requestBody: infer Request }
  ? JsonOf<Request>
  : never;
