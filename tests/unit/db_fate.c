/*
 * What errors of the server and the pooler mean. The texts are those of PostgreSQL 15 and of
 * PgBouncer 1.18, which has one state for all of its troubles.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "../../src/db/fate.h"

#define NOT TT_FATE_NOT_DONE
#define MAYBE TT_FATE_UNKNOWN

static const struct {
	const char *sqlstate, *message;
	enum tt_fate fate;
	enum tt_rc rc;
	bool may_retry, is_lasting, drops_link;
} rows[] = {
	{"40001", "could not serialize access", NOT, TT_CONFLICT, true, false, false},
	{"40P01", "deadlock detected", NOT, TT_CONFLICT, true, false, false},
	{"55P03", "canceling statement due to lock timeout", NOT, TT_CONFLICT, true, false, false},
	{"57014", "canceling statement due to statement timeout", NOT, TT_TIMEOUT, true, false,
		false},
	{"28000", "session_expired", NOT, TT_DENIED, false, false, false},
	{"42501", "not_permitted", NOT, TT_DENIED, false, false, false},
	{"42501", "permission denied for table bag", NOT, TT_DENIED, false, false, false},
	{"28P01", "password authentication failed for user \"x\"", NOT, TT_CONFIG, false, true,
		true},
	{"28000", "no pg_hba.conf entry for host \"10.0.0.1\"", NOT, TT_CONFIG, false, true, true},
	{"3D000", "database \"x\" does not exist", NOT, TT_CONFIG, false, true, true},
	{"08P01", "SASL authentication failed", NOT, TT_CONFIG, false, true, true},
	{"08P01", "password authentication failed", NOT, TT_CONFIG, false, true, true},
	{"08P01", "no such user", NOT, TT_CONFIG, false, true, true},
	{"08P01", "no such database: x", NOT, TT_CONFIG, false, true, true},
	{"08P01", "query_wait_timeout", NOT, TT_UNAVAILABLE, false, false, true},
	{"08P01", "server login has been failing, try again later (server_login_retry)", NOT,
		TT_UNAVAILABLE, false, false, true},
	{"08P01", "no more connections allowed (max_client_conn)", NOT, TT_UNAVAILABLE, false,
		false, true},
	{"08P01", "server conn crashed?", MAYBE, TT_UNAVAILABLE, false, false, true},
	{"08P01", "query timeout", MAYBE, TT_UNAVAILABLE, false, false, true},
	{"08P01", "something that a later version says", MAYBE, TT_UNAVAILABLE, false, false, true},
	{"53300", "sorry, too many clients already", NOT, TT_UNAVAILABLE, false, false, true},
	{"53100", "could not extend file: No space left on device", NOT, TT_UNAVAILABLE, false,
		false, false},
	{"53200", "out of memory", NOT, TT_UNAVAILABLE, false, false, false},
	{"57P01", "terminating connection due to administrator command", MAYBE, TT_UNAVAILABLE,
		false, false, true},
	{"57P02", "terminating connection because of crash of another server process", MAYBE,
		TT_UNAVAILABLE, false, false, true},
	{"57P03", "the database system is starting up", NOT, TT_UNAVAILABLE, false, false, true},
	{"25006", "cannot execute INSERT in a read-only transaction", NOT, TT_UNAVAILABLE, false,
		false, true},
	{"42883", "function api.scan_child(...) does not exist", NOT, TT_CONFIG, false, false,
		false},
	{"3F000", "schema \"api\" does not exist", NOT, TT_CONFIG, false, false, false},
	{"42703", "column \"near\" does not exist", NOT, TT_CONFIG, false, false, false},
	{"22P02", "invalid input syntax for type bigint", NOT, TT_DATA, false, false, false},
	{"23505", "duplicate key value", NOT, TT_INTERNAL, false, false, false},
	{"P0003", "query returned more than one row", NOT, TT_INTERNAL, false, false, false},
	{"21000", "more than one row returned by a subquery", NOT, TT_INTERNAL, false, false,
		false},
	{"54000", "index row size exceeds btree maximum", NOT, TT_DATA, false, false, false},
	{"08006", "server closed the connection unexpectedly", MAYBE, TT_UNAVAILABLE, false, false,
		true},
	{"08001", "Connection refused", MAYBE, TT_UNAVAILABLE, false, false, true},
	{"XX000", "cache lookup failed", MAYBE, TT_UNAVAILABLE, false, false, true},
	{"", "", MAYBE, TT_UNAVAILABLE, false, false, true},
};

static void each_error_has_its_fate(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct db_fate *fate = db_fate_find(rows[i].sqlstate, rows[i].message);

		if (fate->fate != rows[i].fate || fate->rc != rows[i].rc ||
			fate->may_retry != rows[i].may_retry ||
			fate->is_lasting != rows[i].is_lasting ||
			fate->drops_link != rows[i].drops_link)
			fail_msg("%s %s", rows[i].sqlstate, rows[i].message);
		assert_non_null(fate->hint);
	}
}

/* Whatever it is: what may have been committed is never called undone, and is never sent again on
 * the same connection. */
static void what_is_not_known_is_never_sent_again_at_once(void **state)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char sqlstate[6] = "00000";

	(void)state;
	for (size_t a = 0; a < 36; a++) {
		for (size_t b = 0; b < 36; b++) {
			for (size_t c = 0; c < 36; c++) {
				const struct db_fate *fate;

				sqlstate[0] = digits[a];
				sqlstate[1] = digits[b];
				sqlstate[4] = digits[c];
				fate = db_fate_find(sqlstate, "whatever");
				assert_int_not_equal(fate->fate, TT_FATE_DONE);
				assert_false(fate->fate == TT_FATE_UNKNOWN && fate->may_retry);
				assert_false(fate->fate == TT_FATE_UNKNOWN && !fate->drops_link);
				assert_int_not_equal(fate->rc, TT_OK);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_error_has_its_fate),
		cmocka_unit_test(what_is_not_known_is_never_sent_again_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
