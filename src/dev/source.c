/*
 * The life of a source: open, read, decode, answer, hang up, open again.
 *
 * States change in source_enter only. Each attempt ends in source_ready or source_fail; a ready
 * source ends in source_hang_up or source_end. The timer has one use at a time: the next attempt,
 * the end of a pending one, or the next piece of a file.
 */
#include "source_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tracetrack/text.h>

#define SOURCE_DELAY_MIN_MS 250
#define SOURCE_DELAY_MAX_MS 5000
#define SOURCE_ATTEMPT_MS 5000
#define SOURCE_READ 4096
#define SOURCE_DRAIN_MAX 65536

static const char *const source_words[] = {
	[TT_SOURCE_OPENING] = "opening",
	[TT_SOURCE_READY] = "ready",
	[TT_SOURCE_UNPLUGGED] = "unplugged",
	[TT_SOURCE_REFUSED] = "refused",
};

const char *tt_source_state_word(enum tt_source_state state)
{
	return source_words[state];
}

void source_free_handle(uv_handle_t *handle)
{
	free(handle);
}

static void source_enter(
	struct tt_source *src, enum tt_source_state state, const struct tt_error *err)
{
	struct tt_source_info *info = &src->info;
	const struct tt_error none = {.rc = TT_OK};
	bool is_news = info->state != state || !err != !info->error.rc ||
		       (err && strcmp(err->message, info->error.message) != 0);

	info->state = state;
	info->error = err ? *err : none;
	if (is_news && src->callbacks.on_state && !src->is_closed)
		src->callbacks.on_state(src->ctx, src, state, err);
}

/* Answers. */

static ssize_t source_write(int fd, const uint8_t *bytes, size_t len)
{
	ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);

	return n < 0 && errno == ENOTSOCK ? write(fd, bytes, len) : n;
}

static void source_flush(struct tt_source *src)
{
	ssize_t n = source_write(src->fd, src->out, src->out_len);

	if (n <= 0)
		return;
	src->out_len -= (size_t)n;
	memmove(src->out, src->out + n, src->out_len);
}

static void source_on_poll(uv_poll_t *poll, int status, int events);

static void source_watch(struct tt_source *src)
{
	int events = UV_READABLE | (src->out_len > 0 ? UV_WRITABLE : 0);

	if (src->poll)
		uv_poll_start(src->poll, events, source_on_poll);
}

static void source_send(struct tt_source *src, const uint8_t *bytes, size_t len)
{
	bool has_device = src->info.state == TT_SOURCE_READY && src->can_write && src->fd >= 0;

	if (len == 0)
		return;
	if (!has_device || len > sizeof(src->out) - src->out_len) {
		src->info.dropped++;
		return;
	}
	memcpy(src->out + src->out_len, bytes, len);
	src->out_len += len;
	source_flush(src);
	source_watch(src);
}

void tt_feedback(struct tt_source *src, enum tt_feedback_kind kind)
{
	const struct tt_driver *driver = src->spec.settings.driver;

	if (src->is_closed)
		return;
	if (driver->is_ssi && kind == TT_FEEDBACK_ACK)
		ssi_acked(&src->ssi);
	source_send(src, driver->send[kind].bytes, driver->send[kind].len);
}

/* Bytes in, scans out. */

static void source_on_frame(void *ctx, const uint8_t *bytes, size_t len, unsigned flags)
{
	struct tt_source *src = ctx;
	struct tt_source_info *info = &src->info;
	struct tt_scan scan;

	if (src->is_closed)
		return;
	tt_decode(&scan, bytes, len, flags, &src->spec.settings.decode);
	if (scan.kind != TT_SCAN_CODE)
		tt_feedback(src, TT_FEEDBACK_ACK);
	if (scan.kind == TT_SCAN_EMPTY)
		return;
	info->frames++;
	info->unreadable += scan.kind == TT_SCAN_UNREADABLE;
	info->last_at = tt_now();
	tt_copy(info->last_raw, sizeof(info->last_raw), scan.raw);
	src->callbacks.on_scan(src->ctx, src, &scan);
}

static void source_on_answer(void *ctx, const uint8_t *bytes, size_t len)
{
	source_send(ctx, bytes, len);
}

static void source_start_idle(struct tt_source *src);

static void source_on_idle(uv_timer_t *timer)
{
	struct tt_source *src = timer->data;

	tt_framer_expire(&src->framer, tt_steady_ns(), source_on_frame, src);
	source_start_idle(src);
}

/* The loop's clock may lag behind, so that the timer comes too early: then it starts again. */
static void source_start_idle(struct tt_source *src)
{
	uint64_t deadline = tt_framer_deadline(&src->framer), now = tt_steady_ns();

	if (deadline && src->idle_timer && !src->is_closed)
		uv_timer_start(src->idle_timer, source_on_idle,
			deadline > now ? (deadline - now) / 1000000 + 1 : 0, 0);
}

void tt_source_feed(struct tt_source *src, const void *bytes, size_t len)
{
	static const struct ssi_events events = {source_on_frame, source_on_answer};

	if (src->spec.settings.driver->is_ssi)
		ssi_feed(&src->ssi, bytes, len, tt_steady_ns(), &events, src);
	else
		tt_framer_feed(&src->framer, bytes, len, tt_steady_ns(), source_on_frame, src);
	source_start_idle(src);
}

void tt_source_frame(struct tt_source *src, const void *bytes, size_t len, unsigned flags)
{
	source_on_frame(src, bytes, len, flags);
}

/* Opening and closing the device. */

static void source_close_device(struct tt_source *src)
{
	if (src->poll)
		uv_close((uv_handle_t *)src->poll, source_free_handle);
	src->poll = NULL;
	if (src->spec.ops->close)
		src->spec.ops->close(src);
	if (src->fd >= 0)
		close(src->fd);
	src->fd = -1;
	src->is_pending = src->is_file = src->can_write = false;
	src->info.dropped += src->out_len > 0;
	src->out_len = 0;
	src->info.path[0] = src->info.by_id[0] = src->info.by_path[0] = '\0';
	uv_timer_stop(&src->timer);
	tt_framer_restart(&src->framer, false);
	ssi_reset(&src->ssi);
}

void source_use(struct tt_source *src, int fd, bool can_write)
{
	src->fd = fd;
	src->can_write = can_write;
}

static void source_on_timer(uv_timer_t *timer);

static void source_retry(struct tt_source *src, unsigned delay_ms)
{
	uv_timer_start(&src->timer, source_on_timer, delay_ms, 0);
}

void source_fail(struct tt_source *src, const struct tt_error *err)
{
	bool is_gone = err->rc == TT_DEVICE;

	source_close_device(src);
	source_retry(src, src->delay_ms);
	src->delay_ms *= 2;
	if (src->delay_ms > SOURCE_DELAY_MAX_MS)
		src->delay_ms = SOURCE_DELAY_MAX_MS;
	source_enter(src, is_gone ? TT_SOURCE_UNPLUGGED : TT_SOURCE_REFUSED, err);
}

static void source_hang_up(struct tt_source *src)
{
	bool has_part = tt_framer_has_part(&src->framer) || ssi_has_part(&src->ssi);
	struct tt_error err;

	tt_fail(&err, TT_DEVICE, "%s was unplugged or switched off", src->info.path);
	if (has_part)
		tt_error_detail(&err, "A code was cut off: scan it again");
	tt_error_hint(&err, "Plug the scanner in again; it goes on by itself");
	src->info.hang_ups++;
	source_close_device(src);
	source_retry(src, src->delay_ms);
	source_enter(src, TT_SOURCE_UNPLUGGED, &err);
}

/* A file is read once; its end ends the last line too. */
static void source_end(struct tt_source *src)
{
	struct tt_error err;

	if (tt_framer_has_part(&src->framer))
		tt_source_feed(src, "\n", 1);
	if (src->is_closed)
		return;
	tt_fail(&err, TT_DEVICE, "%s was read to its end", src->info.path);
	source_close_device(src);
	source_enter(src, TT_SOURCE_UNPLUGGED, &err);
}

static void source_read(struct tt_source *src)
{
	uint8_t bytes[SOURCE_READ];
	ssize_t n;

	do
		n = read(src->fd, bytes, sizeof(bytes));
	while (n < 0 && errno == EINTR);
	if (n > 0)
		tt_source_feed(src, bytes, (size_t)n);
	else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return;
	else if (src->is_file)
		source_end(src);
	else
		source_hang_up(src);
}

/* libuv reports POLLERR, which a hang-up brings, as an error without reading what is left. */
static void source_on_poll(uv_poll_t *poll, int status, int events)
{
	struct tt_source *src = poll->data;

	if (status >= 0 && (events & UV_WRITABLE)) {
		source_flush(src);
		source_watch(src);
	}
	if (status < 0 || (events & UV_READABLE))
		source_read(src);
	if (status < 0 && !src->is_closed && src->poll == poll)
		source_hang_up(src);
}

void source_drain(struct tt_source *src)
{
	uint8_t bytes[SOURCE_READ], last = '\n';
	size_t total = 0;
	ssize_t n = 1;

	while (n > 0 && total < SOURCE_DRAIN_MAX) {
		n = read(src->fd, bytes, sizeof(bytes));
		if (n > 0) {
			last = bytes[n - 1];
			total += (size_t)n;
		}
	}
	tt_framer_restart(&src->framer, total > 0 && !tt_framer_is_end(&src->framer, last));
}

static bool source_start_poll(struct tt_source *src)
{
	if (!src->poll) {
		src->poll = tt_alloc(sizeof(*src->poll));
		if (uv_poll_init(src->loop, src->poll, src->fd)) {
			free(src->poll);
			src->poll = NULL;
			return false;
		}
		src->poll->data = src;
	}
	source_watch(src);
	return true;
}

void source_ready(struct tt_source *src)
{
	struct tt_error err;

	src->is_pending = false;
	uv_timer_stop(&src->timer);
	if (src->is_file) {
		uv_timer_start(&src->timer, source_on_timer, 0, 1);
	} else if (src->fd >= 0 && !source_start_poll(src)) {
		tt_fail(&err, TT_INTERNAL, "%s can't be watched", src->info.path);
		source_fail(src, &err);
		return;
	}
	src->delay_ms = SOURCE_DELAY_MIN_MS;
	src->info.opened_at = tt_now();
	source_enter(src, TT_SOURCE_READY, NULL);
}

static void source_attempt(struct tt_source *src)
{
	struct tt_error err = {.rc = TT_OK};

	if (src->spec.ops->open(src, &err))
		source_fail(src, &err);
	else if (src->is_pending)
		source_retry(src, SOURCE_ATTEMPT_MS);
	else if (src->fd >= 0)
		source_ready(src);
}

static void source_on_timer(uv_timer_t *timer)
{
	struct tt_source *src = timer->data;
	struct tt_error err;

	if (src->is_file) {
		source_read(src);
	} else if (src->is_pending) {
		tt_fail(&err, TT_DEVICE, "no answer from %s in %d s", src->info.path,
			SOURCE_ATTEMPT_MS / 1000);
		source_fail(src, &err);
	} else {
		source_attempt(src);
	}
}

static void source_on_start(uv_timer_t *timer)
{
	struct tt_source *src = timer->data;

	if (src->callbacks.on_state)
		src->callbacks.on_state(src->ctx, src, TT_SOURCE_OPENING, NULL);
	if (!src->is_closed)
		source_attempt(src);
}

static void source_on_plugged(void *ctx)
{
	struct tt_source *src = ctx;

	if (src->info.state != TT_SOURCE_UNPLUGGED && src->info.state != TT_SOURCE_REFUSED)
		return;
	src->delay_ms = SOURCE_DELAY_MIN_MS;
	source_retry(src, 0);
}

static void source_init(struct tt_source *src, uv_loop_t *loop)
{
	struct source_settings *settings = &src->spec.settings;

	settings->decode.prefix = settings->prefix;
	settings->decode.suffix = settings->suffix;
	src->loop = loop;
	src->fd = -1;
	src->delay_ms = SOURCE_DELAY_MIN_MS;
	src->info.spec = src->spec.text;
	src->info.driver = settings->driver->name;
	src->info.opened_at = src->info.last_at = TT_NO_TIME;
	tt_framer_init(&src->framer, &settings->frame);
	uv_timer_init(loop, &src->timer);
	src->timer.data = src;
	if (settings->frame.idle_gap_ms) {
		src->idle_timer = tt_alloc(sizeof(*src->idle_timer));
		uv_timer_init(loop, src->idle_timer);
		src->idle_timer->data = src;
	}
	if (src->spec.ops->is_hot_plugged)
		src->hotplug = hotplug_new(loop, source_on_plugged, src);
}

enum tt_rc tt_source_open(uv_loop_t *loop, const char *spec,
	const struct tt_source_callbacks *callbacks, void *ctx, struct tt_source **source,
	struct tt_error *err)
{
	struct tt_source *src = tt_alloc(sizeof(*src));
	enum tt_rc rc = source_spec_parse(&src->spec, spec, err);

	*source = NULL;
	if (rc) {
		free(src);
		return rc;
	}
	src->callbacks = *callbacks;
	src->ctx = ctx;
	source_init(src, loop);
	uv_timer_start(&src->timer, source_on_start, 0, 0);
	*source = src;
	return TT_OK;
}

static void source_free(uv_handle_t *timer)
{
	free(timer->data);
}

void tt_source_close(struct tt_source *src)
{
	if (!src || src->is_closed)
		return;
	src->is_closed = true;
	source_close_device(src);
	hotplug_free(src->hotplug);
	if (src->idle_timer)
		uv_close((uv_handle_t *)src->idle_timer, source_free_handle);
	uv_close((uv_handle_t *)&src->timer, source_free);
}

void tt_source_info(const struct tt_source *src, struct tt_source_info *info)
{
	*info = src->info;
}
