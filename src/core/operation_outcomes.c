/*
 * What operations can answer. The rows name what the rules of each give; what any call of its kind
 * may get - no session, no right, no request id or a used one - goes by the operation's own row.
 */
#include <string.h>

#include <tracetrack/operation.h>

#define ON_BILL                                                                                    \
	"bill_added no_bill bill_closed bill_full already_on_bill on_other_bill bag_not_complete " \
	"unknown_code is_child parent_cancelled"

static const struct {
	const char *operation, *outcomes;
} operation_outcomes[] = {
	{"scan.parent",
		"opened resumed parent_closed parent_cancelled is_child unknown_code no_area"},
	{"scan.child", "linked completed already_in_parent in_other_parent is_parent is_own_parent "
		       "no_parent parent_full parent_closed parent_cancelled bag_cancelled "
		       "bill_closed"},
	{"scan.finish", "finished bag_not_complete is_child no_parent parent_closed "
			"parent_cancelled"},
	{"scan.short", "short_closed is_child no_parent parent_closed parent_cancelled"},
	{"scan.undo", "undone nothing_to_undo undo_window_over no_parent parent_closed parent_full "
		      "parent_cancelled bill_closed on_other_bill"},
	{"scan.relink", "relinked unknown_code is_parent is_own_parent already_in_parent no_parent "
			"parent_full parent_closed parent_cancelled bag_cancelled bill_closed"},
	{"scan.remove", "removed unknown_code is_parent nothing_to_undo parent_closed bill_closed"},
	{"scan.lookup", "ok unknown_code bad_format"},
	{"bag.show", "ok unknown_code bad_format wrong_area"},
	{"bag.weigh", "ok bad_value bag_not_complete bill_closed unknown_code wrong_area "
		      "bag_cancelled"},
	{"bag.cancel", "ok awaiting_approval bag_not_empty on_other_bill in_other_parent "
		       "unknown_code wrong_area bag_cancelled"},
	{"bill.scan", "bill_resumed no_bill bill_closed"},
	{"bill.add", ON_BILL},
	{"bill.manual", ON_BILL},
	{"bill.remove", "bill_removed no_bill bill_closed not_on_bill on_other_bill unknown_code "
			"is_child"},
	{"bill.complete", "bill_completed no_bill bill_closed bill_not_full bag_not_complete"},
	{"bill.create", "ok exists bad_value"},
	{"bill.edit", "ok no_bill bill_closed bill_full bad_value"},
	{"bill.reopen", "ok no_bill bill_closed bill_open"},
	{"bill.cancel", "ok awaiting_approval no_bill bill_closed"},
	{"bill.show", "ok no_bill"},
	{"bill.weights", "ok no_bill"},
	{"return.open", "ok bad_value"},
	{"return.add", "ok no_ticket ticket_closed already_on_ticket on_other_ticket not_on_bill "
		       "unknown_code is_child wrong_area"},
	{"return.remove", "ok no_ticket ticket_closed not_on_ticket"},
	{"return.commit", "ok no_ticket ticket_closed ticket_empty"},
	{"return.cancel", "ok no_ticket ticket_closed"},
	{"return.show", "ok no_ticket"},
	{"user.show", "ok unknown_person"},
	{"user.create", "ok exists unknown_area unknown_role area_needed bad_value"},
	{"user.edit", "ok unchanged unknown_person bad_value"},
	{"user.role", "ok unchanged unknown_person own_account unknown_role unknown_area "
		      "area_needed last_administrator"},
	{"user.area", "ok unchanged unknown_person unknown_area area_needed"},
	{"user.disable", "ok awaiting_approval unchanged unknown_person own_account "
			 "last_administrator bad_value"},
	{"user.enable", "ok unchanged unknown_person"},
	{"user.unlock", "ok unchanged unknown_person"},
	{"user.reset", "ok unknown_person own_account bad_value"},
	{"user.badge", "ok unknown_person bad_value"},
	{"user.promote", "ok pending unchanged unknown_role bad_value"},
	{"user.decide", "ok already_decided unknown_request own_account unknown_area "
			"area_needed last_administrator bad_value"},
	{"stats.station", "ok"},
	{"stats.counters", "ok"},
	{"stats.dashboard", "ok unknown_area"},
	{"stats.changes", "ok"},
	{"stats.summary", "ok unknown_area bad_value"},
	{"import.begin", "ok unknown_area wrong_area rate_limited bad_value"},
	{"import.stage", "ok unknown_code version_moved bad_value"},
	{"import.apply", "ok unknown_code version_moved bad_value"},
	{"import.cancel", "ok unknown_code version_moved bad_value"},
	{"import.sweep", "ok"},
	{"export.page", "ok unknown_area rate_limited bad_value"},
	{"area.create", "ok exists bad_value"},
	{"area.edit", "ok unknown_area bad_value"},
	{"area.retire", "ok unknown_area already_decided in_use bad_value"},
	{"family.create", "ok exists ambiguous bad_value"},
	{"family.edit", "ok not_found ambiguous bad_value"},
	{"family.retire", "ok awaiting_approval not_found already_decided in_use bad_value"},
	{"station.create", "ok exists unknown_area bad_value"},
	{"station.edit", "ok not_found unknown_area bad_value"},
	{"station.retire", "ok not_found already_decided bad_value"},
	{"setting.set", "ok awaiting_approval not_found version_moved bad_value"},
	{"exception.resolve", "ok not_found already_decided bad_value"},
	{"notification.ack", "ok not_found already_decided"},
	{"approval.decide", "ok not_found own_request already_decided expired not_carried_out "
			    "bad_value"},
	{"audit.seal", "ok"},
	{"audit.verify", "ok chain_broken bad_value"},
	{"system.health", "ok"},
	{"system.watch", "ok"},
	{"system.status", "ok"},
	{"system.maintain", "ok"},
	{"system.site", "ok"},
	{"system.pulse", "ok"},
	{"session.check", "ok not_permitted"},
	{"session.extend", "ok not_permitted"},
	{"session.revoke", "ok unchanged unknown_session"},
	{"session.password", "ok wrong_password locked_out bad_value"},
	{"session.pin", "ok unchanged wrong_password locked_out bad_value"},
	{"session.lock", "ok"},
	{"session.unlock", "ok wrong_password locked_out pin_refused pin_locked no_pin "
			   "badge_refused not_permitted bad_format"},
	{"session.logout", "ok"},
	{"session.login", "ok bad_login locked_out not_permitted code_expired password_needed "
			  "totp_needed totp_refused totp_used bad_value"},
	{"totp.enrol", "ok totp_on wrong_password locked_out"},
	{"totp.confirm", "ok totp_off totp_on totp_refused totp_used"},
	{"totp.codes", "ok totp_off totp_refused totp_used locked_out"},
	{"totp.disable", "ok totp_off totp_refused totp_used wrong_password locked_out"},
	{NULL, NULL},
};

static bool operation_has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = words; (at = strstr(at, word)) != NULL; at += n) {
		if ((at == words || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
			return true;
	}
	return false;
}

static bool operation_rules_give(const struct tt_operation *op, const char *outcome)
{
	for (size_t i = 0; operation_outcomes[i].operation; i++) {
		if (strcmp(operation_outcomes[i].operation, op->name) == 0)
			return operation_has_word(operation_outcomes[i].outcomes, outcome);
	}
	return false;
}

bool tt_operation_gives(const struct tt_operation *op, const char *outcome)
{
	bool is_request = tt_column_find(op->params, "event") != NULL;
	const struct {
		const char *outcome;
		bool is_given;
	} any[] = {
		{"session_expired", !(op->flags & TT_OP_OPEN)},
		{"not_permitted", op->right != NULL},
		{"bad_format", is_request},
		{"key_reused", is_request},
		{"wrong_area", (op->flags & TT_OP_EVENT) != 0},
	};

	if (op->flags & TT_OP_LIST)
		return false;
	for (size_t i = 0; i < sizeof(any) / sizeof(*any); i++) {
		if (any[i].is_given && strcmp(any[i].outcome, outcome) == 0)
			return true;
	}
	return operation_rules_give(op, outcome);
}
