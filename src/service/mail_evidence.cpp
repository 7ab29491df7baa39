// SPDX-License-Identifier: Apache-2.0
#include "service/mail_evidence.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace okpay::service {

std::string json_of(const mail::Authentication& authentication) {
    boost::json::array evidence;
    for (const mail::Evidence& one : authentication.evidence) {
        evidence.push_back(boost::json::object{{"mechanism", mail::name_of(one.mechanism)},
                                               {"result", mail::name_of(one.outcome)},
                                               {"domain", one.domain},
                                               {"selector", one.selector},
                                               {"aligned", one.aligned},
                                               {"why", one.why}});
    }
    return boost::json::serialize(
        boost::json::object{{"verdict", mail::name_of(authentication.verdict)},
                            {"from_domain", authentication.from_domain},
                            {"proven_by",
                             authentication.proven_by ? mail::name_of(*authentication.proven_by) : std::string_view{}},
                            {"proven_domain", authentication.proven_domain},
                            {"why", authentication.why},
                            {"evidence", std::move(evidence)}});
}

}  // namespace okpay::service
