/*
 * Parameters and results of the operations on people, their sessions and second factors.
 */
#include "people_columns.h"

#include "fields.h"

/* clang-format off */
#define OUTCOME {"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0}
#define REPLAYED {"replayed", TT_BOOL, SLOT(1), NULL, "it was answered before", TT_WIDE}
#define EVENT_ID {"event", TT_ID, SLOT(1), NULL, "request id", 0}
#define LOGIN(n, flag) {"login", TT_TEXT, SLOT(n), NULL, "login name", flag}
#define RETRY(n) {"retry_after", TT_INT, SLOT(n), "s", "locked out for so long", 0}
/* A secret hashed here: its salt, the cost, and what the server keeps. */
#define HASHED(n)                                                                                  \
	{"salt", TT_SECRET, SLOT(n), NULL, "", TT_HIDDEN},                                         \
	{"ops", TT_INT, SLOT((n) + 1), NULL, "", TT_HIDDEN},                                       \
	{"mem", TT_INT, SLOT((n) + 2), NULL, "", TT_HIDDEN},                                       \
	{"verifier", TT_SECRET, SLOT((n) + 3), NULL, "", TT_HIDDEN}
#define PROOF(n) {"proof", TT_SECRET, SLOT(n), NULL, "hashed password", TT_HIDDEN}
#define TOTP(n, flag)                                                                              \
	{"totp", TT_TEXT, SLOT(n), NULL, "code of the authenticator, or a backup code", flag}
#define PAGE(n) {"limit", TT_INT, SLOT(n), NULL, "rows at most, 1 to 1000; 100 when not given", 0}

const struct tt_column params_user_list[] = {TOKEN,
	{"text", TT_TEXT, SLOT(1), NULL, "part of login, name or mail", TT_POSITIONAL},
	{"role", TT_TEXT, SLOT(2), NULL, "only this role", 0},
	{"area", TT_TEXT, SLOT(3), NULL, "only this area", 0},
	{"state", TT_TEXT, SLOT(4), NULL, "only active, locked or disabled", 0},
	{"sort", TT_TEXT, SLOT(5), NULL,
		"order: login, name, role, area, created_at or last_seen", 0},
	{"after", TT_TEXT, SLOT(6), NULL, "start after this login", 0}, PAGE(7), END};
const struct tt_column result_user[] = {LOGIN(0, 0),
	{"name", TT_TEXT, SLOT(1), NULL, "name", 0}, {"role", TT_TEXT, SLOT(2), NULL, "role", 0},
	{"area", TT_TEXT, SLOT(3), NULL, "area", 0},
	{"state", TT_TEXT, SLOT(4), NULL, "active, locked or disabled", 0},
	{"mail", TT_TEXT, SLOT(5), NULL, "mail address", TT_WIDE},
	{"locked_until", TT_TIME, SLOT(6), NULL, "too many wrong passwords until then", TT_WIDE},
	{"created_at", TT_TIME, SLOT(7), NULL, "since when", TT_WIDE},
	{"last_seen", TT_TIME, SLOT(8), NULL, "last at work, to some minutes", TT_WIDE}, END};
const struct tt_column params_user_login[] = {TOKEN, LOGIN(1, MUST), END};
const struct tt_column result_user_show[] = {OUTCOME, LOGIN(1, 0),
	{"name", TT_TEXT, SLOT(2), NULL, "name", 0}, {"role", TT_TEXT, SLOT(3), NULL, "role", 0},
	{"area", TT_TEXT, SLOT(4), NULL, "area", 0},
	{"mail", TT_TEXT, SLOT(5), NULL, "mail address", 0},
	{"state", TT_TEXT, SLOT(6), NULL, "active, locked or disabled", 0},
	{"reason", TT_TEXT, SLOT(7), NULL, "why disabled", 0},
	{"failures", TT_INT, SLOT(8), NULL, "wrong passwords in a row", 0},
	{"locked_until", TT_TIME, SLOT(9), NULL, "too many wrong passwords until then", 0},
	{"created_at", TT_TIME, SLOT(10), NULL, "since when", 0},
	{"disabled_at", TT_TIME, SLOT(11), NULL, "since when disabled", 0},
	{"once_until", TT_TIME, SLOT(12), NULL, "a one-time password waits until then", 0},
	{"last_seen", TT_TIME, SLOT(13), NULL, "last at work, to some minutes", 0},
	{"sessions", TT_INT, SLOT(14), NULL, "open sessions", 0},
	{"totp", TT_BOOL, SLOT(15), NULL, "logs in with a second factor", 0},
	{"codes", TT_INT, SLOT(16), NULL, "backup codes left", 0},
	{"pin", TT_BOOL, SLOT(17), NULL, "has a PIN", 0},
	{"badge", TT_BOOL, SLOT(18), NULL, "has a badge that unlocks", 0},
	{"requested", TT_TEXT, SLOT(19), NULL, "role asked for", 0},
	{"rights", TT_JSON, SLOT(20), NULL, "what the role may do", TT_WIDE}, END};
const struct tt_column params_user_write[] = {TOKEN, EVENT_ID, LOGIN(2, MUST), END};
const struct tt_column result_user_write[] = {OUTCOME, REPLAYED, LOGIN(2, 0), END};
const struct tt_column params_user_edit[] = {TOKEN, EVENT_ID, LOGIN(2, MUST),
	{"name", TT_TEXT, SLOT(3), NULL, "name; stays when not given", 0},
	{"mail", TT_TEXT, SLOT(4), NULL, "mail address; an empty one takes it away", 0}, END};
const struct tt_column params_user_role[] = {TOKEN, EVENT_ID, LOGIN(2, MUST),
	{"role", TT_TEXT, SLOT(3), NULL, "dispatcher, biller, supervisor or administrator", MUST},
	{"area", TT_TEXT, SLOT(4), NULL, "area; stays when not given; a dispatcher needs one", 0},
	END};
const struct tt_column params_user_area[] = {TOKEN, EVENT_ID, LOGIN(2, MUST),
	{"area", TT_TEXT, SLOT(3), NULL, "area; an empty one takes it away", MUST}, END};
const struct tt_column params_user_disable[] = {TOKEN, EVENT_ID, LOGIN(2, MUST),
	{"reason", TT_TEXT, SLOT(3), NULL, "why", MUST}, END};
const struct tt_column params_user_reset[] = {TOKEN, EVENT_ID, LOGIN(2, MUST),
	{"totp", TT_BOOL, SLOT(3), NULL, "switch the second factor off as well", 0}, HASHED(4),
	END};
const struct tt_column result_user_reset[] = {OUTCOME, REPLAYED, LOGIN(2, 0),
	{"code", TT_TEXT, SLOT(3), NULL,
		"one-time password, made by the calling program and told once", 0},
	{"once_until", TT_TIME, SLOT(4), NULL, "it is good until then", 0}, END};
const struct tt_column result_user_badge[] = {OUTCOME, REPLAYED, LOGIN(2, 0),
	{"code", TT_TEXT, SLOT(3), NULL, "what to print on the badge, told once", 0}, END};
const struct tt_column params_user_promote[] = {TOKEN, EVENT_ID,
	{"role", TT_TEXT, SLOT(2), NULL, "dispatcher, biller, supervisor or administrator", MUST},
	{"reason", TT_TEXT, SLOT(3), NULL, "why", MUST}, END};
const struct tt_column result_user_promote[] = {OUTCOME, REPLAYED,
	{"number", TT_INT, SLOT(2), NULL, "of the request", 0}, END};
const struct tt_column params_user_requests[] = {TOKEN,
	{"state", TT_TEXT, SLOT(1), NULL, "only pending, approved or rejected", 0},
	{"after", TT_INT, SLOT(2), NULL, "start below this number", 0}, PAGE(3), END};
const struct tt_column result_user_requests[] = {
	{"number", TT_INT, SLOT(0), NULL, "of the request", 0}, LOGIN(1, 0),
	{"role", TT_TEXT, SLOT(2), NULL, "role now", 0},
	{"requested", TT_TEXT, SLOT(3), NULL, "role asked for", 0},
	{"reason", TT_TEXT, SLOT(4), NULL, "why", 0},
	{"state", TT_TEXT, SLOT(5), NULL, "pending, approved or rejected", 0},
	{"asked_at", TT_TIME, SLOT(6), NULL, "when it was asked", 0},
	{"decided_at", TT_TIME, SLOT(7), NULL, "when it was decided", TT_WIDE},
	{"decided_by", TT_TEXT, SLOT(8), NULL, "by whom", TT_WIDE},
	{"note", TT_TEXT, SLOT(9), NULL, "what was said to it", TT_WIDE}, END};
const struct tt_column params_user_decide[] = {TOKEN, EVENT_ID,
	{"number", TT_INT, SLOT(2), NULL, "of the request", MUST},
	{"approve", TT_BOOL, SLOT(3), NULL, "yes gives the role, no rejects it", MUST},
	{"area", TT_TEXT, SLOT(4), NULL, "area, for a dispatcher", 0},
	{"note", TT_TEXT, SLOT(5), NULL, "what to say to it", 0}, END};
const struct tt_column result_user_decide[] = {OUTCOME, REPLAYED, LOGIN(2, 0),
	{"role", TT_TEXT, SLOT(3), NULL, "role asked for", 0},
	{"state", TT_TEXT, SLOT(4), NULL, "of the request", 0}, END};

const struct tt_column params_session_list[] = {TOKEN,
	{"login", TT_TEXT, SLOT(1), NULL, "only this person", TT_POSITIONAL},
	{"after", TT_INT, SLOT(2), NULL, "start below this session", 0}, PAGE(3), END};
const struct tt_column result_session_list[] = {
	{"session", TT_INT, SLOT(0), NULL, "number", 0}, LOGIN(1, 0),
	{"station", TT_TEXT, SLOT(2), NULL, "station", 0},
	{"created_at", TT_TIME, SLOT(3), NULL, "when it began", 0},
	{"last_seen", TT_TIME, SLOT(4), NULL, "last call, to some minutes", 0},
	{"expires_at", TT_TIME, SLOT(5), NULL, "end, if nothing is called", 0},
	{"locked", TT_BOOL, SLOT(6), NULL, "locked", 0},
	{"own", TT_BOOL, SLOT(7), NULL, "the one that asks", 0}, END};
const struct tt_column params_session_revoke[] = {TOKEN, EVENT_ID,
	{"session", TT_INT, SLOT(2), NULL, "number, as session list tells it", MUST}, END};
const struct tt_column result_session_revoke[] = {OUTCOME, REPLAYED,
	{"session", TT_INT, SLOT(2), NULL, "number", 0}, END};
const struct tt_column params_session_password[] = {
	TOKEN, EVENT_ID, PROOF(2), HASHED(3), END};
const struct tt_column params_session_pin[] = {TOKEN, EVENT_ID, PROOF(2),
	{"off", TT_BOOL, SLOT(3), NULL, "take the PIN away", 0}, HASHED(4), END};
const struct tt_column result_proved[] = {OUTCOME, REPLAYED, RETRY(2), END};
const struct tt_column params_totp_enrol[] = {TOKEN, EVENT_ID, PROOF(2), END};
const struct tt_column result_totp_enrol[] = {OUTCOME, REPLAYED,
	{"secret", TT_TEXT, SLOT(2), NULL, "for the authenticator, in base32; told once", 0},
	{"uri", TT_TEXT, SLOT(3), NULL, "the same as an address, for a QR code", 0}, RETRY(4), END};
const struct tt_column params_totp[] = {TOKEN, EVENT_ID, TOTP(2, MUST), END};
const struct tt_column result_totp_confirm[] = {OUTCOME, REPLAYED,
	{"codes", TT_JSON, SLOT(2), NULL, "backup codes, one use each; told once", 0}, END};
const struct tt_column result_totp_codes[] = {OUTCOME, REPLAYED,
	{"codes", TT_JSON, SLOT(2), NULL, "backup codes, one use each; told once", 0}, RETRY(3),
	END};
const struct tt_column params_totp_disable[] = {
	TOKEN, EVENT_ID, PROOF(2), TOTP(3, MUST), END};

const struct tt_column params_user_create[] = {TOKEN,
	{"event", TT_ID, SLOT(1), NULL, "request id", 0},
	{"login", TT_TEXT, SLOT(2), NULL, "login name", MUST},
	{"name", TT_TEXT, SLOT(3), NULL, "name", TT_REQUIRED},
	{"role", TT_TEXT, SLOT(4), NULL, "dispatcher, biller, supervisor or administrator",
		TT_REQUIRED},
	{"area", TT_TEXT, SLOT(5), NULL, "area; a dispatcher needs one", 0},
	{"mail", TT_TEXT, SLOT(6), NULL, "mail address", 0},
	{"salt", TT_SECRET, SLOT(7), NULL, "", TT_HIDDEN},
	{"ops", TT_INT, SLOT(8), NULL, "", TT_HIDDEN},
	{"mem", TT_INT, SLOT(9), NULL, "", TT_HIDDEN},
	{"verifier", TT_SECRET, SLOT(10), NULL, "", TT_HIDDEN}, END};
const struct tt_column result_user_create[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"replayed", TT_BOOL, SLOT(1), NULL, "it was answered before", TT_WIDE},
	{"login", TT_TEXT, SLOT(2), NULL, "login name", 0}, END};
const struct tt_column params_challenge[] = {
	{"login", TT_TEXT, SLOT(0), NULL, "login name", TT_REQUIRED},
	{"kind", TT_TEXT, SLOT(1), NULL, "password or pin", 0}, END};
const struct tt_column params_login[] = {
	{"login", TT_TEXT, SLOT(0), NULL, "login name", TT_REQUIRED},
	{"proof", TT_SECRET, SLOT(1), NULL, "hashed password", TT_REQUIRED},
	{"station", TT_TEXT, SLOT(2), NULL, "station", 0},
	{"version", TT_TEXT, SLOT(3), NULL, "version of the program", 0},
	{"totp", TT_SECRET, SLOT(4), NULL, "code of the authenticator, or a backup code", 0},
	{"salt", TT_SECRET, SLOT(5), NULL, "", 0}, {"ops", TT_INT, SLOT(6), NULL, "", 0},
	{"mem", TT_INT, SLOT(7), NULL, "", 0},
	{"verifier", TT_SECRET, SLOT(8), NULL, "new password, hashed", 0}, END};
const struct tt_column params_unlock[] = {TOKEN,
	{"proof", TT_SECRET, SLOT(1), NULL, "hashed password, PIN or badge", TT_REQUIRED},
	{"kind", TT_TEXT, SLOT(2), NULL, "password, pin or badge", 0}, END};
const struct tt_column result_session[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"session", TT_INT, SLOT(1), NULL, "session", 0},
	{"login", TT_TEXT, SLOT(2), NULL, "login name", 0},
	{"name", TT_TEXT, SLOT(3), NULL, "name", 0},
	{"role", TT_TEXT, SLOT(4), NULL, "role", 0},
	{"area", TT_TEXT, SLOT(5), NULL, "area", 0},
	{"expires_at", TT_TIME, SLOT(6), NULL, "end of the session", 0},
	{"locked", TT_BOOL, SLOT(7), NULL, "locked until the password is given", 0}, END};
/* clang-format on */
