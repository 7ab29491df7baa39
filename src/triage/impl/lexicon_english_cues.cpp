// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "triage/impl/lexicon.hpp"

namespace okpay::triage {
namespace {

constexpr std::array cues{
    CueLine{
        Cue::question_form,
        "how (do|can|could|to|does|long|much|many|will|would|should|is|are|often|old) *; where (can|do|is|are|could|would) "
        "*; what (is|are|does|do|fee|fees|happens|documents|kind|currencies|countries|would|will|about) *; which "
        "(countries|currencies|cards|banks|documents|is|are|of) *; is it possible *; can i *; can you (tell|explain) *; "
        "could you (tell|explain) *; do you (support|offer|accept|have|charge|work|take) *; is there (a|any|an) *; are "
        "there (any|a) *; may i *; when (do|does|will|can|is) *; will i *; would i *; do i (have|need|get|pay) *; am i *; "
        "why (do|is|are|does) *; i (want|would like|'d like) to know *; i was wondering *"},
    CueLine{Cue::trouble,
            "gone; dead; broken; refused; stuck; cant; never (shipped|came|arrived|heard)*; nowhere *; nothing; wrong; shut "
            "me *; pickpocketed; blurry; scared; worried; not showing; kept *; i was told *; fail*; can't; cannot; "
            "couldn't; could not; doesn't work; does not work; not working; won't; isn't working; not arriv*; hasn't; has "
            "not; haven't; have not; didn't; did not; does not; doesn't; never (arriv*|receiv*|got|came|come|show*); "
            "nothing has *; lost; stolen; locked; frozen; blocked; suspended; declin*; reject*; error*; crash*; missing; "
            "wrong; charged (me|twice|a|an|for)*; was charged *; been charged *; was i *; pending; problem*; issue*; "
            "forgot*; scam*; hack*; fraud*; unauthori*; deducted; took a *; you took *; still (not|no|waiting|has|hasn't)*; "
            "not (received|credited|show*|there|getting|receiving|coming|arriving|accepted|recogni*|loading|able)*; "
            "cancelled; returned; stuck; swallowed; broken; not (me|mine); disput*; "
            "expired; complain*; disappoint*; rude; unhappy; nobody *; no (reply|answer|response)"},
    CueLine{Cue::request_to_us,
            "(take it|shut it|let me|pls|please) (off|back|fix|wipe|take|shut|stop|help|do|remove|put)*; could i (have|get) "
            "(another|a new|my|it)*; i'd like my *; sort it out; please "
            "(change|update|close|delete|refund|return|block|freeze|unlock|unblock|reverse|check|fix|investigate|help me "
            "with|cancel|replace|send me|explain "
            "this|review|correct|remove|secure|look|confirm|reactivate|restore|stop|resend|issue|look into|sort|escalate)*; "
            "(can|could|would|will) you (please "
            "|)(change|update|close|delete|refund|return|block|freeze|unlock|unblock|reverse|check|fix|investigate|help|"
            "cancel|replace|send me|review|correct|remove|do that|do this|look into|resend|reset|sort)*; i (want|need|would "
            "like|'d like) (to (change|update|close|delete|cancel|dispute|report|get my money|order|replace|make a "
            "complaint)|a refund|my money|a replacement|it refunded)*; help me *; give me back *; do that for me"},
    CueLine{Cue::denial,
            "don't (want|need); do not (want|need); no need (for|to); not (asking|looking) for; (is|was|it's|this is) not "
            "(a|about|an); isn't (a|about)"},
    CueLine{Cue::unauthorised,
            "(somebody|someone) (has|got|stole|is using|used|using) (my|the)*; never set foot *; (i|we) (did "
            "not|didn't|don't) (make|remember|recogni*|authori*) (this|that|it|these|any|a|the)*; (did not|didn't|don't) "
            "(make|remember|recogni*|do) (this|that|it|these)*; not (mine|from me); (did not|didn't|never|have "
            "not|haven't|not) (make this|make that|make these|made this|made these|make the|made the|make those|made "
            "those|make any|made any|make it|made it|made a); (i|we|she|he|they) (did not|didn't|never|have not|haven't|had "
            "not) "
            "(authori*|approve*|initiate*); (i|we) (did not|didn't|never) recogni*; (who|and|but) (did not|didn't|never) "
            "authori*; never (authori*|approved); unauthori*; unrecogni*; fraudulent "
            "(transact*|charge*|payment*|transfer*|withdraw*|activit*); (i|we) (don't|do "
            "not|can't|cannot) recogni*; (don't|do not|dont) recogni* "
            "(this|that|it|these|those|them|any|charge*|payment*|transaction*); (wasn't|was not|isn't|is not|weren't|not) "
            "(me|mine|my doing|done by me|made by me|by me); without my (permission|consent|knowledge|authori*|approval); "
            "someone (else |)(used|is using|has "
            "used|stole|accessed|took|transferred|withdrew|logged|hacked|has been|made)..*; (unknown|unfamiliar|strange) "
            "(payment*|transaction*|charge*|login*|device*|withdraw*|purchase*|debit*); never (heard "
            "of|ordered|bought|purchased|been to); (hacked|hacker|hackers|hacking|hack); (stole|stolen) (money|funds|from "
            "my account|my money|my card "
            "details|my identity); login from (another|a|an|brazil|china|russia|abroad|unknown)*; compromised; (i did not|i "
            "didn't) (do this|do that|do it|do these|make|order|buy)"},
    CueLine{Cue::unauthorised, payments_disowned},
    CueLine{Cue::takeover,
            "(hacked|hijacked|took over|taken over|takeover of|compromised|broke into|stole|stolen|got into|gained access "
            "to|gotten into) (my|our|the) (account|wallet|profile|login); (account|wallet|profile) (was |has been |is |got "
            "|been |were |)(hacked|hijacked|taken over|compromised|stolen|broken into); "
            "(someone|somebody|hacker|they|thief)..(changed|replaced|reset)..(email|e-mail|phone|password|number|address); "
            "(password|email|e-mail|phone number|phone) (was|has been|got|were) (changed|replaced|reset) (by "
            "someone|without|and it was not|to one|and i did not)*; i no longer control *"},
    CueLine{Cue::phishing_received,
            "(text*|email*|message*|call*|rang) me..(limited|suspended|verify|log in|link|security); this fraud; phish*; "
            "(looks|seems|sounds|smells|feels) (like (a |)(scam|fraud|fake|spam)|fake|suspicious|fishy|dodgy); "
            "(got|received|get) (a|an|this|some) (text|sms|mail|email|e-mail|message|call|letter)..(is it|is this|is "
            "that|are they) (you|yours|real|from you|genuine); (text|sms|mail|email|e-mail|message)..(is it|is this|is "
            "that) (you|yours); (text|sms) (w/|with) a link *; (suspicious|fake|strange|dubious|scam|weird) "
            "(email|e-mail|mail|message|text|sms|call|link|website|phone call)*; (pretend*|claim*) to be (from "
            "|)(you|okpay|your|support|the bank|a bank|customer)*; (is|was) "
            "(this|that|it) (really |)(real|legit*|genuine|from you|a scam)*; (is|was) (this|the|that) "
            "(email|mail|message|text|sms|call) (real|genuine|from|legit*|yours|really|a|an|safe) *; spoof*; impersonat*"},
    CueLine{Cue::fallen_for,
            "(read|gave|told|sent|typed) (him|her|them|out) (the|my|a)..(code|password|pin|number|details); did something "
            "stupid; (i|we|she|he|wife|husband|mother|father|and) (have |already |)(clicked|opened) (on "
            "|)(the|a|that|this|their) (link|attachment)*; (entered|gave|told|typed|provided|submitted|shared|sent) (them "
            "|him |her |in |out |over |it |)(my|the) "
            "(password|pin|card|code|details|login|cvv|one-time|account|verification|security)*; (got|was|been|were|have "
            "been|am) (scammed|tricked|phished|deceived|conned|defrauded)*; fell for *; i think i was scammed*"},
    CueLine{Cue::not_fallen_for,
            "(did not|didn't|have not|haven't|never|not) "
            "(click*|open*|enter*|give|gave|repl*|respond*|answer*|provide*|fill*|log*)*"},
    CueLine{Cue::outage,
            "none of (our|my|the) (shoppers|customers|users|clients|buyers|guests|payers|stores)*; (all|every|many|hundreds "
            "of|thousands of|most of|no) (of |)(our |my |the "
            "|)(customers|customer|shoppers|shopper|users|user|clients|client|buyers|buyer|payments|payment|checkouts|"
            "checkout|stores|"
            "terminals|orders|order|transactions|transaction|call|calls|request|requests)..("
            "fail*|can't|cannot|can pay|unable|down|declin*|error*|not able|return*|502|500|503|broken|rejected); "
            "(checkout|payments|system|api|gateway|service|platform) (is |are |has been |)(down|offline)*; outage*; losing "
            "(sales|orders|customers|business)*"},
    CueLine{Cue::cut_off,
            "(shut|kicked|locked|cut) me (out|off) *; no way into *; let me back in; (can't|cannot|no way) (get|log) "
            "(in|into)*; (can't|cannot|can not|unable to|couldn't|not able to|could not) (log in|login|sign "
            "in|access|reach|get into|get to|get at|use|withdraw|touch|log into)..(account|money|funds|wallet|any "
            "more|anymore|balance|app); (can't|cannot|unable to) (log in|sign in|login); "
            "(account|wallet|funds|money)..(locked|frozen|blocked|suspended|restricted|disabled|on hold|deactivated); "
            "locked out; get to my money; need my money"},
    CueLine{Cue::deadline,
            "(by|before|until|due|no later than) (today|tonight|tomorrow|end of (the "
            "|)day|monday|tuesday|wednesday|thursday|friday|saturday|sunday|this evening|the weekend); within (24|48|72) "
            "hours; due (today|tomorrow|tonight); deadline (is|today|tomorrow)*; (rent|mortgage|bill|payroll|salaries) (is "
            "|are |)due*; in the next (24|48) hours"},
    CueLine{Cue::threat,
            "solicitor; attorney; lawyer; (go|going) public; legal *; (go|going|turn|complain|escalate|report*|write|take "
            "this|talk|speak) (you |this |it |)to (the |my |a |your |our "
            "|)(ombudsman|lawyer|regulator|police|press|media|court|solicitor|attorney|consumer*|authorit*|financial*|fca|"
            "cfpb|trading standards|bbb); legal action; (see you in|small claims) court; sue (you|okpay)*; my lawyer *; "
            "ombudsman *; lawsuit; report you *; public review*; chargeback with my bank"},
    CueLine{Cue::repeated,
            "(written|wrote|emailed|called|contacted|asked)..(times|again); (two|three|four|five|six|seven|several) "
            "(emails|mails|calls|letters|messages|times); (third|fourth|fifth|sixth|second|3rd|4th|5th|2nd|tenth) "
            "(email|e-mail|mail|message|time|request|attempt|letter|ticket|reminder)*; "
            "(contacted|emailed|written|wrote|called|asked|messaged|mailed|reported)..(times|again|already|twice|before|"
            "several|repeatedly); (still|have had|got|received|had) no (reply|answer|response)*; again and again; "
            "(once|yet) again; as i (said|wrote|mentioned) (before|already|in my)*; nobody (has "
            "|)(answered|replied|responded)*; final warning; last warning; reminder"},
    CueLine{
        Cue::product_fault,
        "(wheel|circle|spinner) *; closed itself; kept (turning|loading|spinning)*; freez*; crash*; "
        "(blank|white|black|empty) (screen|page); (spinning|spins|spinner|loading|hangs|hanging|freezes) *; timed out; "
        "times out; timeout; (error|err) (code|message|number|4*|5*|1*|2*|3*|e*); internal (server |)error; (http|status) "
        "(4|5)*; bad gateway; nothing happens; (button|page|app|screen|site|website|form) (does nothing|does "
        "not|doesn't|won't|is not|isn't|keeps|never|stays)*; code (4|5|1|2|3|e|p)*; bug; glitch*; exception; "
        "(console|log|logs|trace) (says|shows|:)*; steps: *; steps to reproduce*; repro *; expected..actual"},
    CueLine{Cue::pending,
            "pending; (under|in) review; being (checked|reviewed|processed|verified|looked at)*; (no|without) "
            "(answer|result|decision|word|news) (yet|since|so far|for)*; (hasn't|has not|haven't|have not|not) (been |yet "
            "been |)(checked|looked at|decided|processed|reviewed)*; hourglass"},
    CueLine{Cue::other_symptom,
            "never came *; gone on my side; (shows|showing|has) nothing (at all|yet|there)*; (shows|marked|status) (it "
            "|)(as |)(completed|complete|done|sent|successful)*; swears *; still has nothing; pending; (has not|hasn't|have "
            "not|haven't|did "
            "not|didn't|never|not) (received|receive|arrived|arrive|got|get|gotten)..*; left my (account|wallet|card)*; "
            "(money|amount|funds) (was|were|is|has been|have been|got|is gone) (taken|deducted|debited|gone|charged)*; "
            "insufficient (funds|balance); (card|bank|issuer) (declined|refused|rejected)*; "
            "(declined|refused|rejected|blocked) by (the |)(issuer|bank|system|risk|provider)*; limit "
            "(check|exceeded|reached)*; (reverted|reversed|returned to|bounced); in process*; on hold; says "
            "(it|that|the|my|still)*; processing; waiting for *; beneficiary (not|is not|isn't) *"},
    CueLine{Cue::message_quoted,
            "(get|got|get back|getting|gives me|tells me|telling me|back|pops up|popped up) \"; for \"; "
            "(says|said|showed|shows|shown|message|reads|displayed|displays|error|with|saying|states|stating|read|reason|"
            "answer|replied|told me|reply) (is|was|of|me|:|that|is:|code|) \"; "
            "(says|said|showed|shows|message|error|saying|reason|with|displays):\"; "
            "(says|said|showed|shows|message|reads|error|with|saying|reason|is|was|told)( |: | is | was )\"; message is *; "
            "(says|said|showed|shows|message|reads|error|saying|reason)( |: | is | was )'; "
            "says (it|that|the|my|you|i) *; error (code|message) (is |was |:|)*; because (the|my) "
            "(photo|document|passport|selfie|id|name|address)*; reason (is|was|given)*; (code|error|err) "
            "(1|2|3|4|5|6|7|8|9|e|p)*; not supported; does not match; has expired; not (clear|readable|legible)"},
    CueLine{Cue::instrument_gone,
            "pickpocketed; robbed; mugged; (card|wallet|purse|bag)..(is gone|gone|taken|vanished); "
            "(lost|stolen|misplaced|stole|lose|missing)..(card|cards|wallet|phone|purse); "
            "(card|cards|wallet|phone|purse)..(lost|stolen|was taken|missing|got stolen|been stolen)"},
    CueLine{Cue::several_cards,
            "(two|three|four|five|several|multiple|many|both|2|3|4|some) (of my |of our |different |okpay |)cards; one of "
            "(my|our|the|these|your) cards"},
    CueLine{Cue::one_of_several, "one of (them|these|those|my cards|our cards|the cards|the two|the three|your cards)"},
    CueLine{Cue::several_accounts,
            "(two|three|both|several|multiple|2|3) (of my |different |okpay |separate |)accounts; (other|second) account"},
    CueLine{Cue::fee_disputed,
            "(fee|charge|commission)\"..(promised|explain|give it back|return it|never|nobody); "
            "(took|taken|deducted)..(called|named|labelled|for a|as a)..(fee|charge|commission); (explain it or|or give it "
            "back) *; "
            "(fee|charge)..(on my statement|take it off|i was told|never agreed|not agreed|dispute|remove); take it off; "
            "(explain|justify) or (return|refund|reimburse)*; (return|refund) or (explain|justify)*; "
            "(says|say|said|promised|advertised|states)..(free|no fee*|no charge*|without charge*); nobody told me *; "
            "(was|were) (never|not) told *; never agreed *; (explain it|explain this) and (return|refund)*; "
            "(why|what)..(charged|charge|took|taken|deducted|take)..(fee*|commission|extra|for my|for a); "
            "(charged|took|deducted|charge) (me |us |)(a|an|the|with|extra|$|£|€)..(fee|commission|surcharge|charge|for); "
            "(refund|return|explain|remove|reverse|dispute|waive|cancel|give back)..(fee|fees|charge|commission|surcharge); "
            "(fee|charge|rate|commission)..(not (agree|told|announced|expected|correct|mentioned)|wrong|incorrect|too "
            "high|unfair|unexpected|should not|shouldn't|refunded|supposed|although); unexpected fee*; hidden fee*; "
            "(rate|exchange rate)..(wrong|incorrect|bad|not right|was applied)"},
    CueLine{
        Cue::new_value_given,
        "(put|use|enter|note|register|take|have)..as my (new |)(address|phone|email|e-mail|name|number|mobile)*; it should "
        "(be|read|say) *; the (right|correct|new) one is *; "
        "(change|update|set|correct|amend|modify|switch)..(address|email|e-mail|phone "
        "number|number|name|surname|mail|phone|mobile|details)..(to |to: |as |into )*; new (address|phone "
        "number|number|email|e-mail|name|surname|email address|mobile number|mobile|last name)( is|:| will be| should "
        "be|, )*; from now on *; now (live|living) at *; my name is now *; (routing|sort code|iban|bic|swift) *"},
    CueLine{
        Cue::closing,
        "(end|wipe|erase|leave|terminate) (my|our|the) (account|relationship|membership|data)*; "
        "(close|delete|terminate|cancel|deactivate|closing|deleting|closure of) (my|the|our|this|both|her|his|their) (okpay "
        "|)(account|accounts|profile|data|wallet|wallets|membership); wind up *; closed for good; done with okpay"},
    CueLine{Cue::refund_wanted,
            "refund*; money back; return (one|it|the|my|this|that) *; (send|give|pay) (it |me |one |)back; reimburse*; "
            "reverse (one|it|the|this|that)*"},
    CueLine{
        Cue::injection,
        "(ignore|disregard|forget|override|bypass) (all |any |the |your "
        "|)(previous|prior|above|earlier|preceding|system|other|existing|safety|former)(| and all| instructions*) "
        "(instruction*|prompt*|rule*|direction*|command*|message*|guideline*|policies); (ignore|disregard) (all|your|the) "
        "(instruction*|rules|guidelines|above); (you are|you're|act|pretend to be|behave) (now |as |)(in |an |a |the "
        "|)(admin|developer|root|unrestricted|jailbroken|dan|debug|system|maintenance|ai)*; system prompt*; (new|updated) "
        "system (instruction*|prompt*); (admin|developer|debug|god) mode; (print|reveal|output|show|repeat) (your|the) "
        "(system |initial |hidden |)(prompt|instructions|configuration); <system>*; [system]; ### (system|instruction)*; "
        "(note|message|instruction*) (to|for) (the |any |)(ai|assistant|llm|bot|model|language model|agent model)*; as an "
        "ai *; (classify|mark|label|categorize|set) this (message|ticket|email|mail|request) (as|to) *"},
    CueLine{
        Cue::social_engineering,
        "i (work|am) in (your|the) (finance|it|security|support|compliance|hr) *; no need to (go "
        "through|verify|check|ask|follow)*; just give me *; (this is|i am|i'm) (the |your |a "
        "|)(ceo|cfo|cto|director|boss|president|chief|head of|company president|owner of okpay|manager of okpay|system "
        "administrator|it department)*; skip (the |all |any |)(verification|checks*|approval*|identity "
        "check*|security|procedure*|2fa)*; (bypass|without) (the |any |all |)(verification|approval|identity check|security "
        "check*|usual (check*|procedure*)|second approval)*; send (me |us |)(the |his |her |their |a )(one-time "
        "code|password|otp|login|verification code|security code|pin|balance|personal data|details of)*; (give|tell) me "
        "(the |his |her |their )(password|code|balance|account number|otp|pin|address of)*; don't (tell|inform|ask) "
        "(anyone|my manager|your manager|the customer)*; keep (this|it) (between us|strictly between|to yourself)*; "
        "(skip|forget|without|no time for)..(call-back|callback|call back|phone check)..(i will|i'll|i shall) "
        "(sign|confirm|approve); (skip|no time for)..(call-back|callback|call back|phone check)..(process|release|pay|"
        "transfer|wire) (the|this|it|out|that|them)*; (process|release|pay|transfer|wire) (the|this|it|out|that|them)*.."
        "(skip|no time for)..(call-back|callback|call back|phone check); (process|release|pay|transfer|wire) "
        "(the|this|it|out|that|them)*..(i will|i'll|i shall) (sign|confirm|approve)..(afterwards|later|when i am back); "
        "office of the "
        "(ceo|cfo|chief|managing director|president)*; on behalf of (the customer|a customer|my client)*; "
        "(ceo|cfo|coo|chairman|managing director|general counsel)'s (office|desk|assistant)*; (travelling|traveling|in a "
        "meeting|on a flight) with (your|our|the|mr*|ms*|mrs*)..(ceo|cfo|chairman|director); confidential "
        "(closing|transaction|deal|acquisition|transfer|matter)*"},
};

}  // namespace

std::span<const CueLine> english_cues() { return cues; }

}  // namespace okpay::triage
