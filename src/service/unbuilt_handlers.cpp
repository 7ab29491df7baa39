// SPDX-License-Identifier: Apache-2.0
#include "service/handlers.hpp"

namespace okpay::service {

Answer handle(Books&, const Context&, const Command&, const SetAccountState&) {
    return refused("not_implemented", "not built yet");
}
Answer handle(Books&, const Context&, const Command&, const SetPayoutAccount&) {
    return refused("not_implemented", "not built yet");
}
Answer handle(Books&, const Context&, const Command&, const PayOutMerchant&) {
    return refused("not_implemented", "not built yet");
}
Answer handle(Books&, const Context&, const Command&, const ProposeCorrection&) {
    return refused("not_implemented", "not built yet");
}
Answer handle(Books&, const Context&, const Command&, const DecideCorrection&) {
    return refused("not_implemented", "not built yet");
}
Answer handle(Books&, const Context&, const Command&, const RequestMoney&) {
    return refused("not_implemented", "not built yet");
}
Answer handle(Books&, const Context&, const Command&, const PayMoneyRequest&) {
    return refused("not_implemented", "not built yet");
}
Answer handle(Books&, const Context&, const Command&, const EndMoneyRequest&) {
    return refused("not_implemented", "not built yet");
}
Answer handle(Books&, const Context&, const Command&, const ExpireMoneyRequests&) {
    return refused("not_implemented", "not built yet");
}
Answer handle(Books&, const Context&, const Command&, const ScheduleTransfer&) {
    return refused("not_implemented", "not built yet");
}
Answer handle(Books&, const Context&, const Command&, const EndSchedule&) {
    return refused("not_implemented", "not built yet");
}
Answer handle(Books&, const Context&, const Command&, const RunSchedules&) {
    return refused("not_implemented", "not built yet");
}
Answer handle(Books&, const Context&, const Command&, const ReportDuplicate&) {
    return refused("not_implemented", "not built yet");
}

}  // namespace okpay::service
