/*
 * The connection state machine. State changes in link_set_state only; everything else is a short
 * reaction to a readable or writable socket, a looked-up name, or the one timer.
 */
#include <tracetrack/link.h>

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include <tracetrack/clock.h>
#include <tracetrack/log.h>
#include <tracetrack/text.h>

#include "fate.h"
#include "target.h"

/* Waiting between tries, milliseconds. */
#define LINK_WAIT_LEAST 50u
#define LINK_WAIT_MOST 2000u
#define LINK_WAIT_LASTING 10000u /* when trying again soon is pointless */
#define LINK_CONNECT_MOST 5000u

struct tt_link {
	uv_loop_t *loop;
	uv_timer_t *timer; /* the deadline of connecting or of the call, or the wait for a try */
	uv_poll_t *poll;   /* of the present socket; NULL without one */
	uv_getaddrinfo_t *lookup;
	int poll_fd, poll_events;
	PGconn *conn;
	struct db_targets targets;
	size_t target; /* the host that is tried */
	struct tt_link_options options;
	char application_name[64];
	enum tt_link_state state;
	struct tt_error error;
	unsigned wait_ms;
	uint64_t retry_at_ns;
	struct tt_call *head; /* the call under way (when BUSY), then those that wait */
	bool is_failed_for_good;
	char sqlstate[6]; /* the first error of the call under way */
	char message[256];
	bool has_error;
	bool is_copying; /* rows of a COPY come before the rest of the answer */
};

static void link_fail(struct tt_link *link, const struct db_fate *fate);
static void link_send_next(struct tt_link *link);
static void link_on_timer(uv_timer_t *timer);

static void link_set_state(struct tt_link *link, enum tt_link_state state)
{
	bool was_up = tt_link_is_up(link), is_change = state != link->state;

	link->state = state;
	if (state >= TT_LINK_READY && !was_up)
		memset(&link->error, 0, sizeof(link->error));
	if (is_change && (!was_up || state < TT_LINK_READY) && link->options.on_state)
		link->options.on_state(link, link->options.ctx);
}

static void link_free_handle(uv_handle_t *handle)
{
	free(handle);
}

static void link_stop_poll(struct tt_link *link)
{
	if (!link->poll)
		return;
	uv_poll_stop(link->poll);
	uv_close((uv_handle_t *)link->poll, link_free_handle);
	link->poll = NULL;
}

static void link_drop_connection(struct tt_link *link)
{
	link_stop_poll(link);
	if (link->lookup) {
		link->lookup->data = NULL;
		uv_cancel((uv_req_t *)link->lookup);
		link->lookup = NULL;
	}
	if (link->conn)
		PQfinish(link->conn);
	link->conn = NULL;
}

/* Take a call out of the queue and tell its owner. The owner may submit it again at once. */
static void link_finish_call(struct tt_link *link, struct tt_call *call)
{
	struct tt_call **at;

	for (at = &link->head; *at && *at != call; at = &(*at)->next)
		;
	if (*at)
		*at = call->next;
	call->next = NULL;
	call->us = (tt_steady_ns() - call->started_ns) / 1000;
	if (call->done)
		call->done(call, call->ctx);
}

static void link_refuse_call(struct tt_link *link, struct tt_call *call)
{
	call->rc = link->error.rc ? link->error.rc : TT_UNAVAILABLE;
	call->fate = TT_FATE_NOT_DONE;
	call->error = link->error;
	if (call->error.message[0] == '\0')
		(void)tt_fail(&call->error, call->rc, "the database is not connected yet");
	link_finish_call(link, call);
}

/* When the link goes down, calls that do not wait for it end. Whoever is told may take others out
 * of the queue, so each time it is looked through from its beginning. */
static void link_refuse_waiting(struct tt_link *link)
{
	struct tt_call *call = link->head;

	while (call) {
		if (call->waits_for_link && !link->is_failed_for_good) {
			call = call->next;
			continue;
		}
		link_refuse_call(link, call);
		call = link->head;
	}
}

static unsigned link_next_wait(struct tt_link *link, bool is_lasting)
{
	unsigned most = link->wait_ms * 3;

	if (is_lasting)
		return LINK_WAIT_LASTING;
	if (most < 2 * LINK_WAIT_LEAST)
		most = 2 * LINK_WAIT_LEAST;
	if (most > LINK_WAIT_MOST)
		most = LINK_WAIT_MOST;
	return LINK_WAIT_LEAST + tt_random_below(most - LINK_WAIT_LEAST + 1);
}

/* Close what there is, remember why (link->error is filled), and wait for the next try. */
static void link_fail(struct tt_link *link, const struct db_fate *fate)
{
	link_drop_connection(link);
	if (link->error.hint[0] == '\0')
		tt_error_hint(&link->error, "%s", fate->hint);
	tt_log(TT_LOG_WARN, "link down: %s sqlstate=%s host=%s", link->error.message,
		link->error.sqlstate, link->targets.rows[link->target].host);
	link->target = (link->target + 1) % link->targets.count;
	if (link->options.connect_once && (fate->is_lasting || link->target == 0))
		link->is_failed_for_good = true;
	/* The first try at another host comes at once. */
	link->wait_ms = link_next_wait(link, fate->is_lasting);
	link->retry_at_ns = tt_steady_ns() + link->wait_ms * 1000000ull;
	link_set_state(link, TT_LINK_DOWN);
	if (link->state != TT_LINK_DOWN)
		return;
	if (!link->is_failed_for_good)
		uv_timer_start(
			link->timer, link_on_timer, link->target == 0 ? link->wait_ms : 0, 0);
	link_refuse_waiting(link);
}

/* libpq writes "connection to server at ... failed: FATAL:  08P01: text"; keep state and text. */
static void link_fail_connect(struct tt_link *link)
{
	const char *raw = PQerrorMessage(link->conn), *fatal = strstr(raw, "FATAL:  ");
	const struct db_fate *fate;
	char state[6] = "", text[256];
	size_t len;

	if (fatal && strlen(fatal) > 14 && fatal[13] == ':') {
		tt_copy_n(state, sizeof(state), fatal + 8, 5);
		raw = fatal + 15;
	}
	len = strcspn(raw, "\n");
	tt_copy_n(text, sizeof(text), raw, len);
	fate = db_fate_find(*state ? state : "08001", text);
	(void)tt_fail(&link->error, fate->rc, "the database can't be reached: %s", text);
	tt_copy(link->error.sqlstate, sizeof(link->error.sqlstate), state);
	link_fail(link, fate);
}

static void link_fail_late(struct tt_link *link, const char *what)
{
	const struct db_fate *fate = db_fate_find("08006", what);

	(void)tt_fail(&link->error, TT_UNAVAILABLE, "the database does not answer: %s", what);
	link_fail(link, fate);
}

/* The answer to the call under way is complete, or the link broke under it. */
static void link_conclude(struct tt_link *link)
{
	struct tt_call *call = link->head;
	PGTransactionStatusType status = PQtransactionStatus(link->conn);
	bool is_alive =
		PQstatus(link->conn) == CONNECTION_OK &&
		(status == PQTRANS_IDLE || (status == PQTRANS_INTRANS && call->is_in_transaction));
	const struct db_fate *fate;

	uv_timer_stop(link->timer);
	if (!link->has_error && is_alive) {
		/* Not sooner: a pooler without its server takes connections, and drops them. */
		link->wait_ms = 0;
		call->rc = TT_OK;
		call->fate = TT_FATE_DONE;
		link_set_state(link, TT_LINK_READY);
		link_finish_call(link, call);
		link_send_next(link);
		return;
	}
	if (!link->has_error) {
		tt_copy(link->sqlstate, sizeof(link->sqlstate), "08006");
		tt_copy(link->message, sizeof(link->message), PQerrorMessage(link->conn));
	}
	fate = db_fate_find(link->sqlstate, link->message);
	call->rc = tt_fail(&call->error, fate->rc, "%s", fate->say ? fate->say : link->message);
	tt_copy(call->error.sqlstate, sizeof(call->error.sqlstate), link->sqlstate);
	tt_error_hint(&call->error, "%s", fate->hint);
	call->fate = fate->fate;
	call->may_retry = fate->may_retry;
	if (is_alive && !fate->drops_link) {
		link_set_state(link, TT_LINK_READY);
		link_finish_call(link, call);
		link_send_next(link);
		return;
	}
	link->error = call->error;
	link->head = call->next;
	link_fail(link, fate);
	link_finish_call(link, call);
}

/* One column where several are wanted is a record that has them all. */
static void link_take_rows(struct tt_call *call, const PGresult *res)
{
	int r, c, at, nrows = PQntuples(res), ncols = PQnfields(res);
	const struct tt_column *col;
	struct tt_error err;
	void *row;

	for (r = 0; r < nrows && call->cols; r++) {
		row = tt_rows_add(&call->rows);
		if (ncols == 1 && call->cols[0].name && call->cols[1].name) {
			if (tt_columns_parse(call->cols, row, PQgetvalue(res, r, 0), &err) != TT_OK)
				tt_log(TT_LOG_ERROR, "result not understood: %s", err.message);
			continue;
		}
		for (c = 0, col = call->cols; col->name && c < ncols; c++, col++) {
			at = call->is_simple ? PQfnumber(res, col->name) : c;
			if (at < 0 || PQgetisnull(res, r, at))
				continue;
			if (tt_column_parse(col, row, PQgetvalue(res, r, at), &err) != TT_OK)
				tt_log(TT_LOG_ERROR, "result not understood: %s", err.message);
		}
	}
}

static void link_take_error(struct tt_link *link, const PGresult *res)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

	if (link->has_error)
		return;
	link->has_error = true;
	tt_copy(link->sqlstate, sizeof(link->sqlstate), state ? state : "08006");
	tt_copy(link->message, sizeof(link->message),
		text ? text : "the server closed the connection");
}

/* The time that the call under way has from now on. */
static void link_start_timer(struct tt_link *link)
{
	unsigned limit = link->head->timeout_ms ? link->head->timeout_ms : link->options.timeout_ms;

	if (limit > 0)
		uv_timer_start(link->timer, link_on_timer, limit, 0);
}

/* Rows of a COPY that have come, for which the call gets its time anew; false while more are on
 * their way. */
static bool link_take_copy(struct tt_link *link)
{
	struct tt_call *call = link->head;
	char *row;
	int n;

	while ((n = PQgetCopyData(link->conn, &row, 1)) > 0) {
		if (call->copied)
			call->copied(call->copied_ctx, row, (size_t)n);
		PQfreemem(row);
	}
	link_start_timer(link);
	return n != 0;
}

/* Take what has come. When the connection broke, libpq has closed the socket and PQisBusy stays
 * true for ever: then PQgetResult gives what had come before, the error, and NULL. */
static void link_read(struct tt_link *link)
{
	bool is_broken = !PQconsumeInput(link->conn);
	PGresult *res;

	if (is_broken)
		link_stop_poll(link);
	while (link->state == TT_LINK_BUSY && (is_broken || !PQisBusy(link->conn))) {
		if (link->is_copying && !link_take_copy(link) && !is_broken)
			return;
		link->is_copying = false;
		res = PQgetResult(link->conn);
		if (!res) {
			link_conclude(link);
			return;
		}
		if (PQresultStatus(res) == PGRES_TUPLES_OK)
			link_take_rows(link->head, res);
		else if (PQresultStatus(res) == PGRES_COPY_OUT)
			link->is_copying = true;
		else if (PQresultStatus(res) != PGRES_COMMAND_OK)
			link_take_error(link, res);
		PQclear(res);
	}
	if (link->state == TT_LINK_READY && PQstatus(link->conn) == CONNECTION_BAD)
		link_fail_late(link, "the connection was closed");
}

static void link_on_poll(uv_poll_t *poll, int status, int events);

/* Watch the connection's socket. While it connects libpq may have closed it and opened the next
 * one under the same number, which the loop does not know: then it is told again in any case. */
static void link_watch(struct tt_link *link, int events)
{
	int fd = PQsocket(link->conn);

	if (link->poll && (link->poll_fd != fd || fd < 0))
		link_stop_poll(link);
	if (fd < 0)
		return;
	if (!link->poll) {
		link->poll = tt_alloc(sizeof(*link->poll));
		link->poll->data = link;
		link->poll_fd = fd;
		link->poll_events = 0;
		uv_poll_init(link->loop, link->poll, fd);
	}
	if (link->poll_events != events || link->state == TT_LINK_CONNECTING)
		uv_poll_start(link->poll, events, link_on_poll);
	link->poll_events = events;
}

static void link_flush(struct tt_link *link)
{
	int rest = PQflush(link->conn);

	/* After an error of writing, reading tells what the server said last. */
	link_watch(link, rest > 0 ? UV_READABLE | UV_WRITABLE : UV_READABLE);
}

/* Drive PQconnectPoll one step. */
static void link_step_connect(struct tt_link *link)
{
	switch (PQconnectPoll(link->conn)) {
	case PGRES_POLLING_READING:
		link_watch(link, UV_READABLE);
		break;
	case PGRES_POLLING_WRITING:
		link_watch(link, UV_WRITABLE);
		break;
	case PGRES_POLLING_OK:
		uv_timer_stop(link->timer);
		PQsetnonblocking(link->conn, 1);
		link_watch(link, UV_READABLE);
		link_set_state(link, TT_LINK_READY);
		link_send_next(link);
		break;
	default:
		uv_timer_stop(link->timer);
		link_fail_connect(link);
		break;
	}
}

static void link_on_poll(uv_poll_t *poll, int status, int events)
{
	struct tt_link *link = poll->data;

	if (link->state == TT_LINK_CONNECTING) {
		link_step_connect(link);
		return;
	}
	if (status == 0 && (events & UV_WRITABLE))
		link_flush(link);
	if (status < 0 || (events & UV_READABLE))
		link_read(link);
}

static void link_ignore_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

/* addresses: of the target's host, comma-separated; NULL when libpq needs none. libpq wants the
 * name once for each (it checks the certificate against it) and goes through them by itself. */
static void link_start(struct tt_link *link, const char *addresses, const char *names)
{
	const struct db_target *target = &link->targets.rows[link->target];
	const char *keys[12] = {"dbname"}, *values[12] = {link->targets.dsn};
	int n = 1;

#define LINK_PARAM(key, value) (keys[n] = (key), values[n++] = (value))
	if (addresses) {
		LINK_PARAM("host", names);
		LINK_PARAM("hostaddr", addresses);
	} else if (*target->host) {
		LINK_PARAM("host", target->host);
	}
	if (*target->port)
		LINK_PARAM("port", target->port);
	if (!link->targets.has_keepalives) {
		LINK_PARAM("keepalives_idle", "3");
		LINK_PARAM("keepalives_interval", "2");
		LINK_PARAM("keepalives_count", "3");
	}
	if (!link->targets.has_user_timeout)
		LINK_PARAM("tcp_user_timeout", "5000");
	if (*link->application_name)
		LINK_PARAM("fallback_application_name", link->application_name);
#undef LINK_PARAM
	keys[n] = values[n] = NULL;
	link->conn = PQconnectStartParams(keys, values, 1);
	if (!link->conn || PQstatus(link->conn) == CONNECTION_BAD) {
		uv_timer_stop(link->timer);
		link_fail_connect(link);
		return;
	}
	PQsetErrorVerbosity(link->conn, PQERRORS_VERBOSE);
	PQsetNoticeReceiver(link->conn, link_ignore_notice, NULL);
	link_watch(link, UV_WRITABLE);
}

static void link_add_address(struct tt_buf *list, const struct addrinfo *found)
{
	char address[64];

	if (found->ai_family == AF_INET)
		uv_ip4_name((struct sockaddr_in *)(void *)found->ai_addr, address, sizeof(address));
	else
		uv_ip6_name(
			(struct sockaddr_in6 *)(void *)found->ai_addr, address, sizeof(address));
	tt_buf_printf(list, "%s%s", list->len ? "," : "", address);
}

static void link_on_lookup(uv_getaddrinfo_t *lookup, int status, struct addrinfo *found)
{
	struct tt_link *link = lookup->data;
	struct tt_buf addresses = {0}, names = {0};
	const struct addrinfo *each;
	const char *host;

	free(lookup);
	if (link) {
		link->lookup = NULL;
		host = link->targets.rows[link->target].host;
		for (each = status == 0 ? found : NULL; each; each = each->ai_next) {
			link_add_address(&addresses, each);
			tt_buf_printf(&names, "%s%s", names.len ? "," : "", host);
		}
		if (addresses.len > 0) {
			link_start(link, addresses.data, names.data);
		} else {
			uv_timer_stop(link->timer);
			(void)tt_fail(&link->error, TT_UNAVAILABLE,
				"the host %s can't be found: %s", host, uv_strerror(status));
			link_fail(link, db_fate_find("08001", ""));
		}
	}
	tt_buf_fini(&addresses);
	tt_buf_fini(&names);
	uv_freeaddrinfo(found);
}

static void link_connect(struct tt_link *link)
{
	const struct db_target *target = &link->targets.rows[link->target];
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	unsigned most = link->options.timeout_ms;

	if (most == 0 || most > LINK_CONNECT_MOST)
		most = LINK_CONNECT_MOST;
	link_set_state(link, TT_LINK_CONNECTING);
	uv_timer_start(link->timer, link_on_timer, most, 0);
	if (!target->needs_lookup) {
		link_start(link, NULL, NULL);
		return;
	}
	link->lookup = tt_alloc(sizeof(*link->lookup));
	link->lookup->data = link;
	if (uv_getaddrinfo(link->loop, link->lookup, link_on_lookup, target->host, NULL, &hints)) {
		free(link->lookup);
		link->lookup = NULL;
		link_start(link, NULL, NULL);
	}
}

/* The call under way, or connecting, took too long. The call may have been done. */
static void link_time_out(struct tt_link *link)
{
	struct tt_call *call = link->head;
	const struct db_fate *fate = db_fate_find("08006", "");
	bool is_busy = link->state == TT_LINK_BUSY;

	(void)tt_fail(&link->error, TT_TIMEOUT, "the database did not answer in time");
	if (!is_busy) {
		link_fail(link, fate);
		return;
	}
	call->rc = TT_TIMEOUT;
	call->fate = TT_FATE_UNKNOWN;
	call->error = link->error;
	link->head = call->next;
	link_fail(link, fate);
	link_finish_call(link, call);
}

static void link_on_timer(uv_timer_t *timer)
{
	struct tt_link *link = timer->data;

	if (link->state == TT_LINK_DOWN)
		link_connect(link);
	else
		link_time_out(link);
}

static void link_send_next(struct tt_link *link)
{
	const char *values[TT_CALL_MAX_PARAMS];
	struct tt_call *call = link->head;
	int i, is_sent;

	if (!call || link->state != TT_LINK_READY)
		return;
	for (i = 0; i < call->nparams; i++)
		values[i] = call->is_null[i] ? NULL : call->text.data + call->at[i];
	link->has_error = link->is_copying = false;
	link_set_state(link, TT_LINK_BUSY);
	/* Parsed anew each time, an eighth of the server's work: stations share sessions, and in
	 * one of them whoever holds their credential could put another statement under a name that
	 * the next station calls. */
	is_sent = call->is_simple ? PQsendQuery(link->conn, call->sql)
				  : PQsendQueryParams(link->conn, call->sql, call->nparams, NULL,
					    values, NULL, NULL, 0);
	if (!is_sent) {
		link_conclude(link);
		return;
	}
	/* Waiting for the link or behind a slow call is no fault of this one: it has its whole time
	 * from now on. */
	link_start_timer(link);
	link_flush(link);
}

void tt_link_submit(struct tt_link *link, struct tt_call *call)
{
	struct tt_call **at = &link->head;

	tt_rows_fini(&call->rows);
	memset(&call->error, 0, sizeof(call->error));
	call->rc = TT_UNAVAILABLE;
	call->fate = TT_FATE_NOT_DONE;
	call->may_retry = false;
	call->started_ns = tt_steady_ns();
	if (link->state == TT_LINK_BUSY && *at)
		at = &(*at)->next;
	while (*at && !(call->is_urgent && !(*at)->is_urgent))
		at = &(*at)->next;
	call->next = *at;
	*at = call;
	if (link->state == TT_LINK_READY)
		link_send_next(link);
	else if (!tt_link_is_up(link) && (!call->waits_for_link || link->is_failed_for_good) &&
		 (link->state == TT_LINK_DOWN))
		link_refuse_call(link, call);
}

void tt_link_forget(struct tt_link *link, struct tt_call *call)
{
	bool is_under_way = link->state == TT_LINK_BUSY && link->head == call;
	struct tt_call **at;

	for (at = &link->head; *at && *at != call; at = &(*at)->next)
		;
	if (!*at)
		return;
	*at = call->next;
	call->next = NULL;
	if (is_under_way) {
		uv_timer_stop(link->timer);
		link_fail_late(link, "a call was given up");
	}
}

enum tt_rc tt_link_open(struct tt_link **out, uv_loop_t *loop,
	const struct tt_link_options *options, struct tt_error *err)
{
	struct tt_link *link = tt_alloc(sizeof(*link));
	enum tt_rc rc;

	*out = NULL;
	rc = db_targets_init(&link->targets, options->dsn, err);
	if (rc != TT_OK) {
		free(link);
		return rc;
	}
	link->loop = loop;
	link->options = *options;
	tt_copy(link->application_name, sizeof(link->application_name), options->application_name);
	link->timer = tt_alloc(sizeof(*link->timer));
	uv_timer_init(loop, link->timer);
	link->timer->data = link;
	*out = link;
	link_connect(link);
	return TT_OK;
}

void tt_link_close(struct tt_link *link)
{
	if (!link)
		return;
	link_drop_connection(link);
	link->is_failed_for_good = true;
	link->state = TT_LINK_DOWN;
	(void)tt_fail(&link->error, TT_UNAVAILABLE, "the link was closed");
	link_refuse_waiting(link);
	uv_timer_stop(link->timer);
	uv_close((uv_handle_t *)link->timer, link_free_handle);
	db_targets_fini(&link->targets);
	free(link);
}

enum tt_link_state tt_link_state(const struct tt_link *link)
{
	return link->state;
}

bool tt_link_is_final(const struct tt_link *link)
{
	return link->is_failed_for_good;
}

const struct tt_error *tt_link_error(const struct tt_link *link)
{
	return &link->error;
}

unsigned tt_link_retry_in(const struct tt_link *link)
{
	uint64_t now = tt_steady_ns();

	if (link->state != TT_LINK_DOWN || link->retry_at_ns <= now)
		return 0;
	return (unsigned)((link->retry_at_ns - now) / 1000000);
}

void tt_link_kick(struct tt_link *link)
{
	if (link->state == TT_LINK_DOWN && !link->is_failed_for_good)
		uv_timer_start(link->timer, link_on_timer, 0, 0);
}

static void link_mark_done(struct tt_call *call, void *ctx)
{
	(void)call;
	*(bool *)ctx = true;
}

enum tt_rc tt_link_call_blocking(struct tt_link *link, struct tt_call *call, struct tt_error *err)
{
	bool is_done = false;

	call->done = link_mark_done;
	call->ctx = &is_done;
	call->waits_for_link = true;
	tt_link_submit(link, call);
	while (!is_done && uv_run(link->loop, UV_RUN_ONCE))
		;
	if (call->rc != TT_OK && err)
		*err = call->error;
	return call->rc;
}
