/*
 * What the outcomes mean and what people are told. Sentences are short, in the present tense, and
 * start with what was scanned; advice says what to do now.
 */
#include <tracetrack/outcome.h>

#include <string.h>

#include <tracetrack/text.h>

const struct tt_class_row tt_classes[TT_CLASS_COUNT] = {
	[TT_CLASS_DONE] = {"done", "DONE", "✔", "[OK]", 0},
	[TT_CLASS_QUEUED] = {"queued", "QUEUED", "…", "[..]", 0},
	[TT_CLASS_AGAIN] = {"already", "AGAIN", "=", "[==]", 0},
	[TT_CLASS_REFUSED] = {"refused", "REFUSED", "✘", "[NO]", 1},
	[TT_CLASS_TROUBLE] = {"trouble", "TROUBLE", "!", "[!!]", 75},
};

#define DONE TT_CLASS_DONE
#define AGAIN TT_CLASS_AGAIN
#define REFUSED TT_CLASS_REFUSED
#define TROUBLE TT_CLASS_TROUBLE

/* clang-format off */
const struct tt_outcome tt_outcomes[] = {
	/* done */
	{"ok", DONE, "ok", "Done", ""},
	{"opened", DONE, "opened", "{code} is open[ for {capacity|child|children}]",
		"Scan its children."},
	{"resumed", DONE, "resumed", "{code} goes on[ with {children} of {capacity}]",
		"Scan its children."},
	{"linked", DONE, "linked", "{code} is number {position}[ of {capacity}] in {parent}", ""},
	{"completed", DONE, "completed", "{code} is number {position}: {parent} is complete",
		"Close the bag and scan the next parent."},
	{"finished", DONE, "finished", "{parent} is finished with {children|child|children}",
		"Scan the next parent."},
	{"short_closed", DONE, "short", "{parent} is closed short with {children} of {capacity}",
		"Scan the next parent."},
	{"undone", DONE, "undone", "Taken back: [{undone} ][{code}][ in {within}]", ""},
	{"relinked", DONE, "moved", "{code} moved to {parent} as number {position}[, from {other}]",
		""},
	{"removed", DONE, "removed", "{code} is taken out[ of {parent}]", ""},
	{"bill_resumed", DONE, "bill",
		"{bill} has {parents} of {capacity} parents[, for {destination}]",
		"Scan the parents that go onto it."},
	{"bill_added", DONE, "billed", "{code} is number {position}[ of {capacity}] on {bill}", ""},
	{"bill_removed", DONE, "off bill", "{code} is off {bill}[, which has {parents} now]", ""},
	{"bill_completed", DONE, "completed",
		"{bill} is complete with {parents|parent|parents}[, {children|child|children}]",
		"Scan the next bill, or a parent."},
	{"queued", TT_CLASS_QUEUED, "queued", "[{code}: ]saved on this station",
		"Go on scanning; it is sent when the database answers."},
	{"confirmed", DONE, "confirmed", "Acknowledged", "Go on scanning."},
	{"cancelled", DONE, "left", "[{parent} stays as it is][{bill} stays as it is]",
		"Scan a parent, or a bill."},
	{"awaiting_approval", TT_CLASS_QUEUED, "waits", "A second person must approve this",
		"Ask one; it is done when that person agrees."},
	{"declined", DONE, "declined", "{code} stays where it is", "Go on scanning."},
	{"locked", DONE, "locked", "This station is locked", "Log in to go on; nothing is lost."},
	{"badge", DONE, "badge", "Badge of {code}", "Enter the password."},
	{"badge_unlocks", DONE, "badge", "Badge of {code}", "It is being unlocked."},
	/* already done */
	{"replayed", AGAIN, "again", "{code} was recorded before", ""},
	{"already_in_parent", AGAIN, "again",
		"{code} is already in {parent}[ as {position}][, {when}][ by {by}][ at {where}]",
		""},
	{"already_on_bill", AGAIN, "again",
		"{code} is already on {bill}[, {when}][ by {by}][ at {where}]", ""},
	{"already_on_ticket", AGAIN, "again", "{code} is already on {other}[, {when}][ by {by}]",
		""},
	{"bill_open", AGAIN, "again", "{bill} is open already", ""},
	{"unchanged", AGAIN, "unchanged", "It is so already", ""},
	{"pending", AGAIN, "pending", "Something is asked for already", "Wait for the decision."},
	{"double_read", AGAIN, "double", "{code} was read twice; counted once", ""},
	{"nothing_to_confirm", AGAIN, "nothing", "There is nothing to confirm", "Go on scanning."},
	{"already_decided", AGAIN, "already", "That was decided before", ""},
	/* refused */
	{"bad_format", REFUSED, "refused", "{code} is no code that is known here",
		"Check the label. Scan a parent or a child."},
	{"unknown_code", REFUSED, "refused", "{code} is not known", "Check the label."},
	{"no_parent", REFUSED, "refused", "No parent is open[ for {code}][; it is in {other}]",
		"Scan the parent first."},
	{"is_parent", REFUSED, "refused", "{code} is a parent, not a child",
		"Scan it as the next parent, or scan a child."},
	{"is_child", REFUSED, "refused", "{code} is a child[ in {other}], not a parent",
		"Scan the parent's label."},
	{"is_own_parent", REFUSED, "refused", "{code} is this parent itself", "Scan its children."},
	{"in_other_parent", REFUSED, "refused",
		"{code} is in {other}[ ({by}[, {where}][, {when}])]",
		"To move it here scan TT:OK or press F6, else go on."},
	{"parent_full", REFUSED, "refused", "{parent} is full[ with {children} of {capacity}]",
		"Scan the next parent."},
	{"parent_closed", REFUSED, "refused",
		"{parent} is {state}[, {when}][ by {by}][ at {where}]",
		"Scan another parent."},
	{"bag_not_complete", REFUSED, "refused", "{parent} has no children yet",
		"Scan its children, close it short, or take its opening back."},
	{"not_carried_out", REFUSED, "refused", "It was approved, but the rules refuse it now",
		"The result tells why. Mend that and ask anew."},
	{"parent_cancelled", REFUSED, "refused", "{parent} is cancelled", "Use another label."},
	{"no_bill", REFUSED, "refused", "There is no bill [{bill}]",
		"Check the number, or ask for the bill to be made."},
	{"bill_full", REFUSED, "refused", "{bill} is full[ with {parents} of {capacity}]",
		"Put it on another bill, or change the capacity."},
	{"bill_not_full", REFUSED, "refused", "{bill} has {parents} of {capacity} parents",
		"Scan the rest, or complete it with a reason."},
	{"bill_closed", REFUSED, "refused",
		"Bill {other} is closed[, {when}][ by {by}][ at {where}]",
		"Ask a supervisor to reopen it."},
	{"on_other_bill", REFUSED, "refused",
		"{code} is on bill {other}[ ({by}[, {where}][, {when}])]",
		"Take it off that bill first."},
	{"bag_cancelled", REFUSED, "refused", "{code} is cancelled[, {when}][ by {by}]",
		"Use another label."},
	{"bag_not_empty", REFUSED, "refused", "{code} has children", "Take them out first."},
	{"no_ticket", REFUSED, "refused", "There is no such ticket", "Check its number."},
	{"ticket_closed", REFUSED, "refused", "{other} is closed[, {when}][ by {by}]",
		"Open another ticket."},
	{"ticket_empty", REFUSED, "refused", "Nothing is on this ticket",
		"Add what comes back, or cancel it."},
	{"on_other_ticket", REFUSED, "refused", "{code} is on {other}[, {when}][ by {by}]",
		"Take it off that ticket first."},
	{"not_on_ticket", REFUSED, "refused", "{code} is not on this ticket", ""},
	{"not_on_bill", REFUSED, "refused", "{code} is on no bill", ""},
	{"nothing_to_undo", REFUSED, "refused", "There is nothing to take back", ""},
	{"undo_window_over", REFUSED, "refused", "{code} was too long ago to take back",
		"Ask a supervisor."},
	{"wrong_area", REFUSED, "refused", "{code} belongs to another area[, {other}]",
		"Put it aside and tell your supervisor."},
	{"no_area", REFUSED, "refused",
		"{code} is not opened: neither this station nor you belong to an area",
		"Open it at an area's station, or ask the administrator to give this one an area."},
	{"not_permitted", REFUSED, "refused", "You may not do this", "Ask a supervisor."},
	{"read_only", REFUSED, "refused", "This station is read-only", "Use another station."},
	{"stopped", REFUSED, "refused", "The last scan was refused; {code} is not taken",
		"Put it right, then scan TT:OK or press F6, and scan again."},
	{"locked_out", REFUSED, "refused", "Too many wrong passwords", "Wait, then try again."},
	{"key_reused", TROUBLE, "trouble", "This request id was used for something else",
		"Scan again; if it stays, tell the administrator."},
	{"version_moved", REFUSED, "refused", "Somebody changed it meanwhile", "Look at it again."},
	{"rate_limited", REFUSED, "refused", "Too many at once", "Wait a moment."},
	{"ambiguous", REFUSED, "refused", "{code} could mean several things", "Be more exact."},
	{"bad_login", REFUSED, "refused", "User name or password is wrong", "Try again."},
	{"exists", REFUSED, "refused", "That name is taken", "Choose another."},
	{"wrong_password", REFUSED, "refused", "The password is wrong", "Try again."},
	{"pin_refused", REFUSED, "refused", "The PIN is wrong", "Try again."},
	{"pin_locked", REFUSED, "refused", "Too many wrong PINs", "Give the password."},
	{"no_pin", REFUSED, "refused", "There is no PIN", "Give the password."},
	{"badge_refused", REFUSED, "refused", "This badge does not unlock here",
		"Give the password."},
	{"code_expired", REFUSED, "refused", "The one-time password is too old",
		"Ask the administrator for another."},
	{"password_needed", REFUSED, "refused", "This was a one-time password",
		"Set a password of your own."},
	{"totp_needed", REFUSED, "refused", "A code of the authenticator is needed", "Give it."},
	{"totp_refused", REFUSED, "refused", "The code is wrong", "Try the next one."},
	{"totp_used", REFUSED, "refused", "The code was used before", "Wait for the next one."},
	{"totp_on", REFUSED, "refused", "The second factor is on",
		"Switch it off first: totp disable."},
	{"totp_off", REFUSED, "refused", "There is no second factor", "Begin with totp enrol."},
	{"own_account", REFUSED, "refused", "You can't do this to yourself",
		"Ask another administrator."},
	{"last_administrator", REFUSED, "refused", "Nobody would be left to look after people",
		"Make another administrator first."},
	{"unknown_person", REFUSED, "refused", "There is no such person",
		"The list of people has them."},
	{"unknown_request", REFUSED, "refused", "There is no such request",
		"The list of requests has them."},
	{"unknown_session", REFUSED, "refused", "There is no such session",
		"The list of sessions has them."},
	{"unknown_role", REFUSED, "refused", "There is no such role",
		"Say dispatcher, biller, supervisor or administrator."},
	{"area_needed", REFUSED, "refused", "A dispatcher needs an area", "Name one as area."},
	{"unknown_area", REFUSED, "refused", "There is no such area",
		"The list of areas has them."},
	{"not_found", REFUSED, "refused", "There is no such thing", "Check what was entered."},
	{"in_use", REFUSED, "refused", "It is still in use", "See detail; move that first."},
	{"own_request", REFUSED, "refused", "You have asked for this yourself",
		"A second person must decide."},
	{"expired", REFUSED, "refused", "It has waited too long", "Ask for it again."},
	{"chain_broken", REFUSED, "broken", "Ledger or audit are not as they were sealed",
		"Keep everything as it is; compare with the seals that were kept elsewhere."},
	{"bad_value", REFUSED, "refused", "A value is not acceptable", "Check what was entered."},
	/* trouble */
	{"session_expired", TROUBLE, "log in", "Nobody is logged in[: {code} was not taken]",
		"Log in, then scan it again."},
	{"station_locked", TROUBLE, "locked", "The station is locked[: {code} was not taken]",
		"Unlock it, then scan again."},
	{"unreadable", TROUBLE, "unread", "The scanner's data can't be read", "Scan it again."},
	{"not_saved", TROUBLE, "not saved", "{code} is NOT saved: this station's disk fails",
		"Stop. Make room or tell the administrator, then scan it again."},
	{"parked", TROUBLE, "set aside", "{code} could not be recorded and is set aside",
		"Tell the administrator."},
	{NULL, 0, NULL, NULL, NULL},
};
/* clang-format on */

static const struct tt_outcome outcome_unknown = {"unknown_outcome", TT_CLASS_TROUBLE, "trouble",
	"The database gave an answer that this station does not know",
	"Update the station; tell the administrator."};

const struct tt_outcome *tt_outcome_find(const char *name)
{
	const struct tt_outcome *row;

	for (row = tt_outcomes; name && row->name; row++) {
		if (strcmp(row->name, name) == 0)
			return row;
	}
	return &outcome_unknown;
}

/* Outcomes that mean something else for one operation. */
static const struct {
	const char *outcome, *operation, *message, *advice;
} outcome_variants[] = {
	{"parent_closed", "scan.relink", "{code} stays in {other}, which is closed",
		"Ask a supervisor to reopen it, or put the bag back."},
	{"bag_not_complete", "bill.add", "{code} is still open", "Finish it, or close it short."},
	{"bag_not_complete", "bill.manual", "{code} is still open",
		"Finish it, or close it short."},
	{"bag_not_complete", "bill.complete", "{other} on it is still open",
		"Finish it, or close it short."},
	{"bad_format", "bill.add", "{code} is no parent", "Scan a parent."},
	{"bad_format", "bill.create", "{code} can't be the number of a bill",
		"Leave it out and one is issued; the list of families says what it may be."},
	{"bad_format", "scan.lookup", "{code} is no code that is known here", "Check the label."},
};

void tt_outcome_wording(const struct tt_outcome *outcome, const char *operation,
	const char **message, const char **advice)
{
	size_t i;

	*message = outcome->message;
	*advice = outcome->advice;
	for (i = 0; i < sizeof(outcome_variants) / sizeof(*outcome_variants); i++) {
		if (strcmp(outcome_variants[i].outcome, outcome->name) != 0 ||
			strcmp(outcome_variants[i].operation, operation) != 0)
			continue;
		*message = outcome_variants[i].message;
		*advice = outcome_variants[i].advice;
	}
}

struct template_part {
	tt_template_fn value;
	void *ctx;
	struct tt_buf out;
	bool is_known; /* everything named so far had a value */
};

static const char *template_name(struct template_part *p, const char *at)
{
	const char *end = strchr(at, '}'), *value, *noun;
	char words[64], *rest = words, *name, *one;

	if (!end)
		return at + strlen(at);
	tt_copy_n(words, sizeof(words), at + 1, (size_t)(end - at - 1));
	name = strsep(&rest, "|");
	one = strsep(&rest, "|");
	value = p->value(p->ctx, name);
	if (!value || *value == '\0') {
		p->is_known = false;
		value = "?";
	}
	tt_buf_puts(&p->out, value);
	noun = strcmp(value, "1") == 0 ? one : rest;
	if (noun) {
		tt_buf_puts(&p->out, " ");
		tt_buf_puts(&p->out, noun);
	}
	return end + 1;
}

/* Copy up to the closing bracket; an inner part that names something unknown is left out. */
static const char *template_part(struct template_part *p, const char *at)
{
	while (*at != '\0' && *at != ']') {
		if (*at == '{') {
			at = template_name(p, at);
		} else if (*at == '[') {
			struct template_part inner = {p->value, p->ctx, {0}, true};

			at = template_part(&inner, at + 1);
			if (inner.is_known && inner.out.len)
				tt_buf_puts(&p->out, inner.out.data);
			tt_buf_fini(&inner.out);
		} else {
			tt_buf_add(&p->out, at++, 1);
		}
	}
	return *at == ']' ? at + 1 : at;
}

void tt_template_fill(char *dst, size_t size, const char *text, tt_template_fn value, void *ctx)
{
	struct template_part whole = {value, ctx, {0}, true};

	while (*text != '\0')
		text = template_part(&whole, text);
	tt_clean(dst, size, whole.out.data ? whole.out.data : "", whole.out.len);
	tt_buf_fini(&whole.out);
}
