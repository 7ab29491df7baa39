// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "triage/impl/lexicon.hpp"

namespace okpay::triage {
namespace {

using enum Category;

constexpr std::array categories{
    CategoryLine{duplicate_charge, 5,
                 "(charged|billed|debited|paid|deducted|taken|withdrawn|invoiced|processed)..(twice|two times|2x|2 "
                 "times|double|three times|multiple times|a second time|again for the same); "
                 "(charge*|took|bill*|deduct*|debit*) (me|us|my card|my account|my wallet) (twice|two times|double|2x); "
                 "went through (twice|two times|2x); twice for (the same|one|a single);"
                 "(double|duplicate*|duplicated|repeated) "
                 "(charg*|payment*|transaction*|debit*|bill*|deduct*|entr*|withdraw*|order*); "
                 "double-(charg*|bill*|payment*); (twice|double)..(charged|billed|debited|taken|deducted|payment); two "
                 "(identical|equal|same) (charge*|payment*|transaction*|debit*); same "
                 "(payment|charge|transaction|purchase|amount|invoice|order|bill)..(twice|two times|2x|again|duplicat*); a "
                 "duplicate; (shows|appears|showing|appearing|listed|charged) (up |)(twice|two times)"},
    CategoryLine{
        duplicate_charge, 2,
        "twice; duplicat*; only (one|bought one|ordered one|made one|paid once)..(exist|order|payment|purchase|once)"},

    CategoryLine{refund, 5,
                 "(wrong|incorrect|mistaken) (person|recipient|payee|iban|beneficiary|contact|people); "
                 "(sent|send|transfer*|paid|pay|went|payment|money|wired)..(wrong|incorrect|mistaken|different) "
                 "(person|recipient|account|number|payee|phone number|iban|beneficiary|merchant|contact|user|people); "
                 "(sent|transferr*|paid|send|transfer)..(by "
                 "mistake|by accident|accidentally|in error|stranger|mistakenly|the wrong); "
                 "(reverse|recall|undo|revoke|claw back) (it|the|this|that|my|a) *; cancel (a|the|my|this|that|an) "
                 "(payment|transfer|transaction|order|purchase|booking|subscription); (mistyped|typed the "
                 "wrong|mistake)..(transfer|sent|account|payment)"},
    CategoryLine{refund, 3,
                 "refund*; money back; (return|give|send|get|pay|have)..(my|the|our) money (back|returned); reimburse*; "
                 "returned the (item|jacket|goods|product|shoes|order); (promised|owe*|give me|gave me)..back; (sent|send) "
                 "(it|them|the item*) back; chargeback"},
    CategoryLine{refund, 1.5,
                 "(wrong|incorrect|mistaken) (account|number|phone number|merchant|user); (went|gone|going) to (a "
                 "stranger|somebody else|someone else|a wrong|the wrong)*; mistyped *; return one; give it back; pay me "
                 "back; cancelled (my|the) order; was cancelled; reverse"},

    CategoryLine{
        payment_failed, 3.5,
        "(payment*|transfer*|transaction*|purchase*|checkout*|pay|pays|sending)..(fail*|declin*|reject*|error*|not go "
        "through|did not go through|didn't go through|not going through|bounced|crash*|timed out|times out|time out|does "
        "not work|doesn't work|not working|unsuccessful|stuck|pending|reverted|not completed|blocked|not allowed|cancelled "
        "by itself); (fail*|declin*|reject*|error*|crash*)..(payment*|transfer*|transaction*|purchase*|checkout|press* "
        "pay|pay|paying|paid|order);"
        "(can't|cannot|can not|couldn't|could not|unable to|none of..can|won't let me|not able to|trying to|tried to) "
        "(pay|make a payment|make payment*|make a transfer|transfer|send money|complete|checkout|check out|make a "
        "purchase); "
        "(friend|sister|brother|mother|father|recipient|payee|beneficiary|landlord|he|she|they|them|him|her|wife|husband|"
        "son|daughter|seller|merchant|someone|account)..(has not|hasn't|have not|haven't|never|did not|didn't|not yet) "
        "(received|got|get|receive|arrived|gotten); (transfer*|sent)..(not arriv*|hasn't arriv*|has not arriv*|not "
        "received|still pending|says pending|not show*|never arriv*|pending); (beneficiary|recipient) (not|is not|isn't) "
        "(allowed|permitted|accepted); was declined; got declined; been declined; is declined; getting declined"},
    CategoryLine{payment_failed, 1.2,
                 "payment*; transfer*; pay; checkout*; sent; transaction; transactions; paying; declin*"},

    CategoryLine{
        topup_withdrawal, 3.5,
        "(top-up|top up|topup|topped up|topping up|top-ups|top ups|topping-up|topped-up|toppped up)*; "
        "(withdrawal*|withdraw|withdrew|withdrawing|withdrawn|cash out|cashed out|cashout|pay out|payout); deposit*; "
        "(add*|load*) (money|funds|cash|balance) (to|into|on|onto); (cash|atm)..(wrong "
        "amount|dispensed|received|pending|not come|different|less|declined|amount); (balance|money|funds)..(not "
        "(updated|increased|changed|showing|shown|there|credited|arrived)|hasn't (updated|changed|gone up)|has not "
        "(updated|changed|gone up)|still zero|did not change|didn't change|does not show|doesn't show); cheque*; bank "
        "transfer..(balance|not show*|arrive*|credited|account); (atm|cash machine)..(declin*|not|wrong|won't|refus*)"},
    CategoryLine{topup_withdrawal, 1.2, "to my bank; from my bank; balance; credited; atm; cash; money in"},

    CategoryLine{account_locked, 5,
                 "(account|wallet|profile)..(locked|frozen|blocked|suspended|restricted|disabled|deactivated|on "
                 "hold|banned|limited|closed without|inaccessible); "
                 "(locked|frozen|blocked|suspended|disabled|restricted|froze|suspend|lock|freeze|limited|unlock|unfreeze|"
                 "unblock|reactivate|reopen)..(my|our|the) (account|wallet|profile|access|funds); locked out of my account; "
                 "(unlock|unfreeze|unblock|reactivate) (it|me); been locked; (funds|money|balance) (is|are|has been|have "
                 "been) (frozen|locked|blocked|on hold|held); (wrong|incorrect) (password|pin|passcode) (too "
                 "many|several|three|five|many)"},
    CategoryLine{account_locked, 2, "locked; suspended; frozen; unfreeze; unlock; restricted; suspension"},

    CategoryLine{
        account_info_change, 4.5,
        "(close|delete|terminate|cancel|deactivate|remove|closing|deleting|closure of) (my|the|our|this) (okpay "
        "|)(account|profile|data|wallet|membership); close it permanently; "
        "(change|update|edit|correct|amend|modify|replace|changing|updating|editing|fix|changed)..(email|e-mail|mail "
        "address|phone number|address|name|surname|details|mobile|number on my account|telephone|date of "
        "birth|contact|personal information|information|bank details|profile); (new|moved|different) "
        "(address|house|flat|phone number|number|email|e-mail|name|surname|home|apartment|mobile number); (i have|i've|i "
        "just|just|we have|we) moved; got (married|divorced); (last|first|legal|maiden) name; my (address|phone "
        "number|email|name|number|surname) (has |have |is |was |)(changed|wrong|different|incorrect)"},
    CategoryLine{account_info_change, 1.5,
                 "old (address|number|email|phone); on my (profile|account); no longer need; personal details; my details"},

    CategoryLine{card, 4.5,
                 "(lost|stolen|missing|misplaced|stole|lose|swallowed|ate|retained|swallow|took|kept)..(card|wallet|cards); "
                 "(card|cards|wallet)..(lost|stolen|missing|swallowed|eaten|retained|stuck in|was taken|not arriv*|hasn't "
                 "arriv*|has not arriv*|has not come|not "
                 "come|arrive|arrives|delivered|delivery|expire*|expiring|expiry|damaged|broken|contactless|chip|does not "
                 "work|doesn't work|not work|not working|isn't working|no longer work*|won't work|stopped "
                 "working|activate*|activation|replace*|replacement|block*|freeze); "
                 "(activate|order|get|replace|freeze|block|cancel|request|receive|track|need|want|have|link|re-add|add) "
                 "(a|my|the|another|new|an|this|second|additional|extra|more)(| new| physical| virtual| spare| replacement| "
                 "second| additional| debit| disposable| okpay| visa| old) card*; "
                 "(new|physical|virtual|spare|replacement|disposable|second|debit) card*; card (pin|delivery|number "
                 "expired|tracking); my pin; (change|reset|forgot|unblock|wrong|enter*|set|blocked|new) (my |the |a |)pin; "
                 "pin (is |was |)(blocked|locked|number|code|wrong|change*|attempt*); visa or mastercard; mastercard or "
                 "visa; (visa|mastercard) card*; found my card; contactless"},
    CategoryLine{card, 1.5, "my card; card; cards; pin; contactless; ending in; visa; mastercard"},

    CategoryLine{
        fees_limits, 4.2,
        "(fee|fees|surcharge*|commission); (how much|what) "
        "(do|does|will|would|is|are|did)..(charge*|cost*|fee*|limit*|rate); "
        "(daily|weekly|monthly|transfer|withdrawal|spending|top-up|top "
        "up|maximum|minimum|atm|payment|transaction|annual|any|a|the|higher|raise|increase) limit*; limits; exchange rate*; "
        "(conversion|currency|foreign exchange|fx) (rate|rates|fee*|charge*|markup); (maximum|minimum|max|most|highest) "
        "(amount|i can|that i can|transfer|withdrawal|per); is there a (limit|charge|fee|cost|maximum); "
        "(extra|additional|hidden|unexpected|unexplained|strange|random|small|cash|weird|extra) "
        "(charge|charges|cost|costs|pound|1 pound|£1); charge* (for|on|when|to|me for|if) (a |an |my |the "
        "|)(transfer*|top*|withdraw*|exchang*|using|sending|bank|deposit*|cash|atm|foreign|receiv*|adding|card "
        "payment*|paying|international|sepa|swift|currency); (how much|what)..(does it cost|will it cost|would it cost|is "
        "it going to cost|cost*); rate (is|was|was applied|i got|applied|you applied|you used|seems|appears|looks)"},
    CategoryLine{fees_limits, 1.5,
                 "limit; rate; rates; charge; charges; charged; free; cost; costs; exchange; too (much|high) (fee|charge)"},

    CategoryLine{identity_verification, 4.5,
                 "kyc; (identity|id|passport|document|documents|selfie|driver's license|driving licence|source of "
                 "funds|proof of address|proof of identity)..(verif*|check*|reject*|upload*|declin*|match*|not "
                 "accepted|confirm*|approv*|prove*|document*|review*); "
                 "(verif*|prov*|confirm*|check*|upload*|reject*|validat*|authenticat*) (of |)(my |the |your |our |an |me "
                 "|for |)(identit*|id|passport|selfie|photo|documents|document|who i am|source of funds|source of my "
                 "funds|id card|account info); identity (verification|check); id (verification|check); source of (funds|my "
                 "funds|money|my money|the funds|the money|income); where my (funds|money) (come|comes|came) from; "
                 "verification (keeps|fail*|reject*|pending|process|takes|was|is|has|of); (why|how|what|need|have)..(verify "
                 "my identity|verify myself|my identity|identity check|identity verif*)"},
    CategoryLine{identity_verification, 1.5, "verif*; passport; selfie; identity; documents; driver's license; proof of"},

    CategoryLine{
        login_security, 4,
        "(can't|cannot|can not|couldn't|could not|unable to|not able to|won't let "
        "me|trouble|problem*|fail*|unsuccessful|trying to|tried to) (to |in |with |)(log in|login|log on|sign in|logging "
        "in|signing in|access my account|get into my account|get in|log into|sign into|log in to|access the app|access the "
        "account); (forgot|forgotten|forget|lost|remember|reset*|recover|recall|don't know|changed) (my |the "
        "|)(password|passcode|login|pass code|credentials|log in|pass-code|code to my app|app pass*); password "
        "(reset|recovery|link|change); reset (link|password|email|my password|my passcode|code); (passcode|password) "
        "(is|was|doesn't|does not|won't|not|isn't|forgotten|wrong|incorrect)*; (2fa|two-factor|two "
        "factor|authenticator|one-time code|otp|sms code|security code|login code|verification code|text message code|text "
        "code)*; (don't|do not|never|not|didn't|did not) (receive|get|got|received|getting|receiving)..(code|sms|text|otp); "
        "(codes|code) (never|does not|doesn't|do not|don't|did not|didn't|is not|are gone) *; "
        "(lost|stolen|broke|broken|new|stole|changed)(| my| a) (phone|mobile|handset|device|mobile phone)"},
    CategoryLine{login_security, 1.5, "log in; login; sign in; password; passcode; logging in; authenticat*"},

    CategoryLine{
        suspicious_activity, 7,
        "(did not|didn't|never|haven't|have not|not) (make this|make that|make these|made this|made these|make the|made "
        "the|do this|do that|order this|buy this|make any|made any|made a|made that|make it|made it|make those|made "
        "those|make a|sign up); (i|we|she|he|they) (did not|didn't|never|have not|haven't|had not) "
        "(authori*|approve*|initiate*); (i|we) (did not|didn't|never) recogni*; (who|and|but) (did not|didn't|never) "
        "authori*; never (authori*|approved); "
        "(unauthori*|unrecogni*|fraud*|fraudulent|phish*|scam*|hack*|spoof*|compromised|hijack*|impersonat*|identity "
        "theft|stolen identity); (i|we) (don't|do not|can't|cannot) recogni*; (don't|do not|dont) recogni* "
        "(this|that|it|these|those|them|any|charge*|payment*|transaction*); (not|n't) (me|mine|my transaction|my "
        "payment|made by "
        "me|done by me); (wasn't|was not|isn't|is not|weren't|not) (me|mine|my doing|done by me|made by me|by me); someone "
        "(else|used|is using|has|stole|got|accessed|took|transferred|withdrew|logged|hacked|may|might|could)..*; "
        "suspicious*; (strange|unknown|unfamiliar|weird|mysterious|foreign) "
        "(payment*|transaction*|charge*|login*|device*|withdraw*|purchase*|direct debit*|debit*|activit*|sign-in*); "
        "(pretend*|claim*) to be (from |)(you|okpay|your|support|the bank|a bank|customer|police); (is|was) (this|that|it) "
        "(really |)(real|legit*|genuine|you|from you|a scam); without my (permission|consent|knowledge|authori*|approval); "
        "login from (another|a|an|brazil|china|russia|abroad|unknown)*; using my card; used my card; (stole|stolen) (my "
        "|)(money|funds|identity|details|card details|card information|information); copied my card; card "
        "(details|info*|number)..(stolen|leak*|compromis*|expos*); never (heard of|been to|visited|been "
        "there|bought|purchased|ordered); "
        "(withdrawal|withdrawals|payment|payments|transaction|transactions|charge|charges|debit|direct debit|cash)..(i did "
        "not|i didn't|i haven't|i have not|i never|not mine|wasn't me|i don't remember|don't recall|not familiar|i do not "
        "remember)"},
    CategoryLine{suspicious_activity, 7, payments_disowned},
    CategoryLine{suspicious_activity, 2,
                 "clicked (the|on|a) link; suspect*; block everything; stolen; security breach; unknown"},

    CategoryLine{general_howto, 2.2,
                 "how (do|can|could|would|should|to|does) (i|we|you|one|it|to|my|the)*; how to *; where (can|do|could) "
                 "(i|we) *; is it possible to *; (can|could|may) i (use|add|link|have|export|open|download|set|get|pay "
                 "with|connect|exchange|hold|transfer|receive|schedule|choose|change|create|do|make|send|still|also|keep|"
                 "top|share|auto*) *; do you (support|offer|accept|have an|operate|work|provide|allow) *; (what|which) "
                 "(countries|currencies|documents|banks|cards|atms|places|merchants|stores|shops) *; (apple pay|google "
                 "pay); (download|export|print)..(statement*|receipt*|history|transactions|invoice); how long "
                 "(does|do|will|would|is) *; what is the (process|procedure|way|minimum age|age) *; what are the "
                 "(steps|requirements) *; step by step; old enough; how old *; age (limit|requirement|restriction); "
                 "(supported|accepted|available) (in|at|countries|currenc*|where|by)*; "
                 "(where|what|which|will|does|do|are|is)..(accepted|supported|support|fiat|currencies|currency)"},
    CategoryLine{general_howto, 1, "how; question; where; wondering; wonder; explain; would like to know; curious"},

    CategoryLine{
        complaint, 3.5,
        "complain*; complaint; (very|so|extremely|really|deeply|most|totally|absolutely) "
        "(disappoint*|dissatisf*|unhappy|frustrat*|angry|annoyed|upset|unprofessional); "
        "(terrible|awful|horrible|poor|bad|worst|appalling|disgust*|pathetic|useless|shocking|lousy|dreadful) "
        "(service|support|customer service|experience|company|app|treatment|bank); unacceptable; "
        "(agent|person|representative|staff|employee|operator|advisor|he|she|they)..(rude|hung "
        "up|unhelpful|ignored|insult*|arrogant|impolite|shout*); (nobody|no one|no-one|noone|none of "
        "you)..(answer*|repl*|respond*|help*|call*|contact*|car*); (third|fourth|fifth|sixth|second|3rd|4th|5th|2nd) "
        "(email|e-mail|mail|message|time|request|attempt|letter|ticket); (still|have had|got|received|had|without) no "
        "(reply|answer|response); hung up on me; fed up; waste of time; ridiculous; treated me; rude"},
    CategoryLine{complaint, 1.5,
                 "ombudsman; lawyer; regulator; disappoint*; frustrat*; feedback; poor; worst; report you; legal action; "
                 "small claims; trading standards; trustpilot"},

    CategoryLine{
        off_topic, 4,
        "weather; podcast; (my|our) (cv|resume); cv (is |)attached; (open|job|vacant) (position*|vacanc*); job application; "
        "vacanc*; internship*; (apply|applying) for (a |the |)(job|position|role); hiring; (invite|inviting) (you|one "
        "of|your|a member); partnership; sponsor*; interview (you|your|with your|request); (press|media) "
        "(inquir*|enquir*|request); journalist; recipe*; (tell|know) (me |)a joke; football; "
        "(homework|essay|thesis|dissertation|school project); survey for; (capital|president|population) of; movie*; "
        "restaurant; horoscope; lyrics; what is the meaning of life; flight*; book a (table|hotel|flight|taxi|ride); "
        "(translate|spell) *; play (music|a song|some); timer; alarm; shopping list; calories; oil change; vacation; mpg"},
    CategoryLine{off_topic, 1.5, "founders; guest; collaborat*; career*; charity event"},

    CategoryLine{
        spam, 6,
        "seo; backlink*; (rank|ranking) (#|number|no|on|higher|first)*; website traffic; (guaranteed|instant) "
        "(results|income|approval|profit*|loan*|leads); (you have|you've|have) (won|been selected|been chosen); lottery; "
        "(claim|collect) your (prize|reward|gift|winnings|inheritance|bonus); (limited|exclusive) time offer; act now; buy "
        "now; click here; unsubscribe; (viagra|cialis|weight loss|pills|casino|forex signals|crypto investment|bitcoin "
        "doubler|penis|xxx|escort*); inheritance; (prince|barrister|next of kin)..(million*|fund*); million (dollars|usd|us "
        "dollars|euro*); work from home; (make|earn) (money|$*|cash) (fast|online|from home|now|daily); "
        "(make|earn)..(daily|a day|per day|a week)..(phone|home|sofa|join|start|dm); dm (me |)(to|for) *; (lowest|best) "
        "(prices|mortgage rates|rates) *; mortgage rates; refinance; (email|mailing) list* (of|for sale); lead generation; "
        "guest post*; web design services; app development (services|company); dear (beneficiary|friend|sir/madam winner); "
        "this is not spam; (to be|please) remove* from (this|our) (list|mailing); free trial offer; 100% free; risk free; "
        "no obligation; adult site*; cable descrambler; hot (stock|singles); penny stock*; toner; diploma*"},
    CategoryLine{spam, 2,
                 "boost your; congratulations; winner; increase your sales; marketing services; promotion*; free gift; "
                 "discount*; opt out; opt-out; best regards, marketing; investment opportunity; newsletter"},

    CategoryLine{
        auto_generated, 8,
        "out of (the |)office; auto-reply; autoreply; automatic reply; auto reply; automated "
        "(response|reply|message|email); (delivery status notification|mail delivery "
        "(failed|failure|system|subsystem)|undelivered mail|undeliverable); mailer-daemon; returned to sender; (could "
        "not|cannot|couldn't|can't) be delivered; (message|mail) (was |)(not delivered|undeliverable); on (annual |parental "
        "|maternity |sick |)leave until; (do not|don't) reply to this (email|message|mail); returned mail; delivery (has "
        "failed|failed|failure|incomplete); limited access to (email|e-mail|my email)"},

    // Broader words: what people say when they do not use the name of the thing.
    CategoryLine{
        duplicate_charge, 2.2,
        "two times; two (debits|charges|deductions|postings|bookings); surplus (debit|charge|payment|posting|amount)*; "
        "(second|other) (debit|charge|posting) (back|returned|is)*; both (charges|payments|went|transactions|of them); "
        "took..(another|again|twice); "
        "(another|second|extra|additional) (charge|payment|debit|one) (for the same|straight|right|immediately|minutes); "
        "should (just|only) (be|have been) (one|once); (charged|billed|paid) again; "
        "(same|identical) (amount|purchase|payment|charge|transaction|sum); multiple charges; "
        "(charge|payment|purchase|transaction)..(in there|listed|appears|shows|showing) (two|2|twice|double)"},
    CategoryLine{duplicate_charge, 1.1, "twice; only (went|bought|ordered|paid|made) *; just once; double; duplicate"},
    CategoryLine{
        refund, 2.2,
        "money (returned|refunded|back); "
        "(never|not|did not|didn't) (shipped|ship|send|sent|delivered|deliver|dispatched) *; "
        "(seller|shop|merchant|store|agency|vendor)..(refus*|not respond*|not answer*|says|ignor*|promised|agreed|back); "
        "(gone|went|sent|going) back to (okpay|my|the) *; (we|i|they|shop|store|seller) cancelled *; "
        "(return|returned|sent back|returning) (the|my|an|it|them) *; money to come back; overpaid"},
    CategoryLine{refund, 1.2, "seller; merchant; cancelled; refund; returned; cancel; stranger; typo"},
    CategoryLine{
        payment_failed, 2.2,
        "(tried|trying|try|attempt*|wanted|want) to (pay|buy|purchase|order|check out|send|transfer|book); "
        "(can't|cant|cannot|could not|couldn't|won't|wont|unable to) (pay|buy|send|check out|transfer|purchase|book)*; "
        "(wired|transferred|sent|transfer|paid)..(never came|not received|never got|not arrived|never arrived|says "
        "he|swears|still waiting|has not|hasn't|missing|not there); "
        "(pay|payment|checkout|confirm|transfer|transaction)..(spin*|wheel|kept|froze|frozen|closed "
        "itself|stuck|hang*|error|red|unsuccessful|decline*|refuse*|fail*|bounce*|revert*|cancel*|not complete*|not "
        "work*|pending|processing); "
        "(card|payment|transfer)..(was |is |got |keeps getting |being "
        ")(declined|rejected|refused|reverted|cancelled|returned)"},
    CategoryLine{payment_failed, 1.1,
                 "checkout; pay; payment; transfer; sent; landlord; declined; failed; error; transaction; purchase; wired"},
    CategoryLine{
        topup_withdrawal, 2.2,
        "(moved|transferred|sent|took|move|transfer|put|loaded|added|load|add|paid|deposit*)..(from okpay|to my "
        "(bank|checking|savings)|into my (account|wallet|balance)|onto my|on my wallet|in my wallet|from my bank|from my "
        "card|to my account|to my wallet|my okpay account); "
        "(bank|balance|wallet|account)..(still has nothing|not there|nothing|not showing|zero|hasn't|not "
        "updated|empty|didn't go|not gone up|never came); "
        "payout; (cash|money)..(atm|machine); cashing out; (money|funds) (in|into|to|on) my (wallet|account|balance)"},
    CategoryLine{topup_withdrawal, 1.1,
                 "balance; bank; checking account; wallet; atm; cash; withdraw; deposit; top; cheque"},
    CategoryLine{account_locked, 3,
                 "(shut|kicked|locked|cut|threw) (me|us) (out|off) *; let me back in; "
                 "(account|wallet|profile)..(shut down|restrict*|lock*|block*|frozen|suspend*|disabled|deactivat*|closed on "
                 "me|unusable|limited); "
                 "(lift|remove) (the|this|my) (block|restriction|suspension|freeze|limit|hold)*; "
                 "back into my (account|wallet); (restore|regain|give me) (my |the |)access"},
    CategoryLine{account_locked, 1.3, "locked; blocked; unusual activity; access; restriction; shut"},
    CategoryLine{
        account_info_change, 2.5,
        "(moved|moving) (house|last|to|out|in|home|from)*; "
        "(correct|new|current|right) (address|email|phone|number|name|surname|mobile)*; "
        "(end|close|cancel|terminate|leave|delete|wipe|erase|remove)..(account|relationship|my data|profile|everything you "
        "hold|membership); "
        "leaving okpay; "
        "(address|email|phone|number|name|details|surname|passport name)..(changed|change|update*|wrong|incorrect|out of "
        "date|outdated|correct*|no longer|different|replace*); "
        "use (this|my new|the new|the other) (email|address|number|phone)*"},
    CategoryLine{account_info_change, 1, "address; email; phone number; update; details; profile; name"},
    CategoryLine{card, 2.5,
                 "(card|cards|wallet|purse)..(gone|dead|damaged|broken|chip|snapped|cracked|magnetic|replaced|replacement|"
                 "reissue*|expired|expires|pickpocket*|stolen|lost|arrive*|post|mail|delivery|deliver*|another one|new "
                 "one|new card|activat*|shipped|contactless|linked|link|pin); "
                 "(pickpocketed|robbed|mugged); (chip|magnetic strip|pin) (on|of|for|code) *; "
                 "(shut|switch|turn) (it|my card) off *; (another|replacement|new|physical|virtual) (card|one)*; "
                 "(get|order|want|need|receive|track|activate|link|freeze|cancel|have|use|replace|delivering|deliver|"
                 "sending)..card*"},
    CategoryLine{card, 1.2, "card; cards; chip; pin; contactless"},
    CategoryLine{fees_limits, 2.5,
                 "(cost|costs|charge|charged|charges) (me |)(anything|extra|something|more|for)*; pay (extra|more) *; "
                 "(have|need|had|do i|must i|will i) (to |)pay (anything|something|extra|more)*; "
                 "(is there|any|what is the|what's the) (a |)(cap|limit|ceiling|maximum|minimum|fee|charge|cost)*; "
                 "(cap|ceiling) *; service charge*; "
                 "(how much|most) (can i|i can|could i|am i allowed|does|will|do|is|would|money)*; (rate|rates|exchange) *; "
                 "free of charge; at one go; take it off; "
                 "(was|been|got|am|being) charged (a|an|for|extra|more|additional|something)*; "
                 "(monthly|annual|maintenance|account|handling|admin) (fee|charge|cost)*"},
    CategoryLine{fees_limits, 1.1, "fee; fees; charge; limit; free; rate; cost"},
    CategoryLine{identity_verification, 2.5,
                 "(passport|id|permit|document*|licence|license|selfie|photo|picture|paper*|identity|proof)..(reject*|refus*"
                 "|blurry|blurred|not accepted|upload*|verif*|check*|not clear|unreadable|expired|approved|not "
                 "match*|mismatch*|valid|declin*|unable); "
                 "(verify|verifying|verified|verification|prove|confirm) (of |)(my|me|who|identity|myself|the|your|is|i)*; "
                 "(residence|driving|driver*|id|identity) (permit|licence|license|card|document*|paper*)*; too blurry; "
                 "background check; where (my|the) (money|funds) *"},
    CategoryLine{identity_verification, 1.2, "verify; documents; passport; permit; identity; selfie"},
    CategoryLine{login_security, 2.5,
                 "(passcode|password|pin code|login|log-in|sign-in)..(wrong|incorrect|not accept*|doesn't work|does not "
                 "work|not work*|forgot*|forget|lost|change*|reset*|remember|invalid|rejected|expired|keeps); "
                 "(forgot*|lost|can't remember|don't remember|reset|change)..(passcode|password|login|phone|log in); "
                 "no way into (my|the) *; "
                 "(six-digit|6-digit|authenticator|security code|one-time|sms|text)..(number*|code*|app|never|not|gone); "
                 "(get|getting|log|logging|sign|signing) (back |)(in|into) (to |)(my|the|account|okpay|app)*; "
                 "(phone|device|mobile)..(lost|stolen|broke|broken|fell|new one|gone|died|changed|replaced|water); "
                 "stole* my phone; (fingerprint|face id|biometric*)*"},
    CategoryLine{login_security, 1.2, "password; passcode; log in; login; code; phone; device; authenticator"},
    CategoryLine{
        suspicious_activity, 4,
        "(somebody|someone|person|people|thief|criminal|crook|stranger)..(has my|got my|my card|my account|my "
        "details|used|using|took|take*|stole|spen*|charged|bought|logged|made); "
        "(never|not) (set foot|been|heard|visited|shopped|live) (there|of|in|at)*; "
        "(read|gave|told|give|sent|texted|handed|typed) (him|her|them|it|out|a|the|my)..(code|password|pin|number|details); "
        "(text*|email*|call*|rang|message*)..(scam|fraud|phish*|fake|link|pretend*|security|limited|log in at|verify); "
        "(scared|worried|afraid)..(get into|steal|account|money|hack*|access); "
        "(did not|didn't|don't|do not|haven't|never)..(make|made|authori*|recogni*|do "
        "this|remember|buy|bought|order*|withdraw|withdrew|take out|know this|know what|approve|initiate); "
        "(isn't|not|wasn't|aren't) (mine|me|ours|my|from me)*; "
        "(payment|transaction|charge|withdrawal|purchase|debit)..(i don't|i did not|i didn't|i never|not "
        "mine|strange|unknown|unfamiliar|weird); "
        "this fraud"},
    CategoryLine{suspicious_activity, 1.5, "fraud; scam; stolen; strange; unknown; suspicious; security; stranger"},
    CategoryLine{
        general_howto, 1.8,
        "(am|are) i (able|allowed|eligible) to *; (can|could|may) (i|we|my) *; "
        "do you (have|do|offer|support|accept|take|let|provide|work)*; how (do|can|to|does|would|should) *; "
        "where (do|can|is|are|could) *; what (do|would) i need *; what (countries|currencies|is|are|do|documents) *; "
        "(is it|will it|would it be) possible *; (which|what) *; how old *; "
        "(will|does|do) (my|the|it|you|your|i|this|okpay) *; first time *; walk me through *"},
    CategoryLine{
        general_howto, 0.9,
        "student; open an account; explain; guide; instructions; app; feature; currencies; countries; accept; support"},
    CategoryLine{complaint, 2.6,
                 "expected better; not one (useful|helpful|single)*; chat bot; chatbot; "
                 "canned (message|repl*|response|answer)*; (useless|hopeless|incompetent|clueless|dreadful|laughable) *; "
                 "on hold *; (waited|waiting|wait) (for |)(hours|ages|days|weeks|over|forty|thirty|an hour|45|30|40)*; "
                 "(ignored|ignoring|ignores) *; not good enough; "
                 "(written|wrote|emailed|called|contacted|asked|complained|reported)..times; solicitor; sort (it|this) out; "
                 "no (help|one helps|response|reply); getting old; last straw; joke of *; "
                 "customer (service|support) (is|was|has been|team)*; shame on you"},
    CategoryLine{complaint, 1.1, "bot; support; service; staff; chat; hold; lawyer"},
    CategoryLine{off_topic, 2.6,
                 "(visit|see|tour) (your|the) (office|headquarters|company|team)*; (i|we) teach *; class; school; "
                 "students (from|of) *; (volunteer|charity|donat*|fundrais*) *; "
                 "(looking for|seeking) (a |)(job|work|position|internship|investors|partners)*; "
                 "(recipe|weather|joke|song|movie|football|news|score|holiday tips|translate|capital of) *; "
                 "(partner|collaborate|work) with (you|your company|your team)*; marketing department"},
    CategoryLine{off_topic, 1, "founder; class; office; team; event; university"},
    CategoryLine{spam, 3,
                 "(your|the) (website|site)..(page one|google|traffic|seo|rank*|design*|redesign|visitors|leads); "
                 "just ($|£|€)*; (interested); for (just|only) $*; "
                 "(came across|found|visited) your (site|website|company|profile); (boost|increase|grow|double) your *; "
                 "(special|exclusive|unbeatable) (offer|deal|price*)*; (cheap|discount*) *; "
                 "free (quote|consultation|trial|audit|money)*; (fast|easy|quick) (cash|money|loan*)*; opportunity *; "
                 "guarantee*; winner; (online|internet) (business|marketing|income)*; per month; "
                 "(sign up|subscribe|order|call) (now|today)*"},
    CategoryLine{spam, 1.2, "offer; website; page one; money back guarantee; sale; discount"},
    CategoryLine{auto_generated, 3,
                 "(will be|am|be) back (at my desk|in the office|on|at work)*; "
                 "currently (travelling|traveling|away|out|on leave|on vacation|on holiday)*; automated *; "
                 "away from (my desk|the office|email)*; i am on (leave|vacation|holiday)*; "
                 "thank you for your (message|email|mail)"},
};

}  // namespace

std::span<const CategoryLine> english_categories() { return categories; }

}  // namespace okpay::triage
